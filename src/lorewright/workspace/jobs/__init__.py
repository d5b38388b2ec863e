"""Durable work: the process that does a job, the runner a server has, the one table of job kinds."""
