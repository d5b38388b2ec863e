"""What several screens are made of: headings, tables, badges, dialogs, the progress of a job."""
