"""Every act that the audit knows: its name, and what it says in plain words.

A use case that changes something writes one of these, and each is written in one place only.
"""

from enum import StrEnum
from typing import Self


class Act(StrEnum):
    """What was done to a thing; `description` says it in words, the reader fills in `{who}` and `{thing}`."""

    description: str

    def __new__(cls, name: str, description: str = "") -> Self:
        """Return the act with this name."""
        act = str.__new__(cls, name)
        act._value_ = name
        act.description = description
        return act

    LOGGED_IN = "login", "logged in"
    LOGIN_FAILED = "login.failed", "failed to log in"
    LOGGED_OUT = "logout", "logged out"
    KEY_CREATED = "key.created", "created an API key"
    KEY_CHANGED = "key.changed", "changed an API key"
    KEY_REVOKED = "key.revoked", "revoked an API key"
    USER_CREATED = "user.created", "created a user"
    USER_CHANGED = "user.changed", "changed a user"
    USER_REMOVED = "user.removed", "removed a user"
    USER_IDENTIFIED = "user.identified", "linked a user to an OpenID identity"
    INVITATION_CREATED = "invitation.created", "invited somebody to make an account"
    INVITATION_WITHDRAWN = "invitation.withdrawn", "withdrew an invitation"
    GROUP_CREATED = "group.created", "created a group"
    GROUP_CHANGED = "group.changed", "changed a group"
    GROUP_REMOVED = "group.removed", "removed a group"

    SETTINGS_CHANGED = "settings.changed", "changed settings"
    MODEL_CHOSEN = "model.chosen", "chose the chat model"
    MODEL_REMOVED = "model.removed", "removed a model"

    DOMAIN_CREATED = "domain.created", "created another domain on this server"
    DOMAIN_FILLED = "domain.filled", "loaded a template"
    BACKED_UP = "domain.backed_up", "backed up the domain"
    MOVED = "domain.moved", "moved the state into another database"
    JOB_STARTED = "job.started", "started a job"
    JOB_CANCELLED = "job.cancelled", "cancelled a job"

    DOCUMENT_CREATED = "document.created", "uploaded a document"
    DOCUMENT_EDITED = "document.edited", "edited the text of a document"
    DOCUMENT_CHANGED = "document.changed", "changed the metadata of a document"
    DOCUMENT_RESTORED = "document.restored", "restored an earlier version of a document"
    DOCUMENTS_RESTRICTED = "documents.restricted", "restricted a part of the documents to some groups"
    DOCUMENTS_OPENED = "documents.opened", "lifted a restriction of documents"
    DOCUMENT_REMOVED = "document.removed", "deleted a document"

    FILE_CREATED = "file.created", "uploaded a file"
    FILE_REMOVED = "file.removed", "deleted a file"
    UPLOAD_CREATED = "upload.created", "started an upload in parts"
    UPLOAD_COMPLETED = "upload.completed", "completed an upload in parts"
    UPLOAD_CANCELLED = "upload.cancelled", "cancelled an upload"
    STORE_CREATED = "vector_store.created", "created a collection"
    STORE_CHANGED = "vector_store.changed", "changed a collection"
    STORE_REMOVED = "vector_store.removed", "deleted a collection"
    STORE_FILE_ATTACHED = "vector_store.file_attached", "added a file to a collection"
    STORE_FILE_CHANGED = "vector_store.file_changed", "changed the attributes of a file in a collection"
    STORE_FILE_DETACHED = "vector_store.file_detached", "removed a file from a collection"
    STORE_BATCH_CREATED = "vector_store.batch_created", "added files to a collection"
    STORE_BATCH_CANCELLED = "vector_store.batch_cancelled", "cancelled adding files to a collection"

    MATERIAL_IMPORTED = "material.imported", "imported exported files"
    ROWS_IMPORTED = "rows.imported", "imported rows into the dataset"
    ROWS_CHANGED = "row.changed", "changed rows of the dataset"
    ROWS_REMOVED = "row.removed", "deleted rows of the dataset"
    DATASET_KEPT = "dataset.version_kept", "saved a version of the dataset"
    DATASET_RESTORED = "dataset.restored", "restored an earlier version of the dataset"
    FEEDBACK_GIVEN = "feedback.given", "gave feedback on an answer"
    FEEDBACK_ACCEPTED = "feedback.accepted", "accepted feedback into the dataset"
    FEEDBACK_REJECTED = "feedback.rejected", "rejected feedback"
    FEEDBACK_REMOVED = "feedback.removed", "withdrew feedback"
    PAIRS_EXPORTED = "pairs.exported", "exported feedback as preference pairs"
    QUESTION_SAVED = "question.saved", "saved a held-out question"
    EXAMPLE_SAVED = "example.saved", "wrote an example"
    SUGGESTION_ACCEPTED = "suggestion.accepted", "accepted suggested questions"
    SUGGESTION_EDITED = "suggestion.edited", "changed a suggested question"
    SUGGESTION_REJECTED = "suggestion.rejected", "rejected suggested questions"
    QUESTION_JUDGED = "question.judged", "marked a document as right or wrong for a question"

    RUN_PROMOTED = "run.promoted", "chose the tuning run that the arms use"
    RUN_CANCELLED = "run.cancelled", "cancelled a tuning run"

    COMPARISON_LOADED = "comparison.loaded", "loaded the comparison that comes with a template"
    COMPARISON_RENAMED = "comparison.renamed", "named a comparison"
    COMPARISON_REMOVED = "comparison.removed", "removed a comparison"
    UPDATE_DERIVED = "update.derived", "derived an update drill"

    AGENT_RUN_STARTED = "agent_run.started", "gave a task to an agent"
    AGENT_RUN_DECIDED = "agent_run.decided", "approved or denied a call of an agent"
    AGENT_RUN_CHANGED = "agent_run.changed", "edited the plan of an agent"
    AGENT_RUN_STOPPED = "agent_run.stopped", "stopped an agent"
    AGENT_RUN_CONTINUED = "agent_run.continued", "continued a run of an agent"
    AGENT_RUN_RATED = "agent_run.rated", "rated a run of an agent"
    AGENT_RUN_RERUN = "agent_run.rerun", "ran an agent again from a step"

    FINE_TUNING_CREATED = "fine_tuning_job.created", "created a fine-tuning job"
    FINE_TUNING_CANCELLED = "fine_tuning_job.cancelled", "cancelled a fine-tuning job"
    FINE_TUNING_PAUSED = "fine_tuning_job.paused", "paused a fine-tuning job"
    FINE_TUNING_RESUMED = "fine_tuning_job.resumed", "resumed a fine-tuning job"
    TUNED_MODEL_REMOVED = "tuned_model.removed", "deleted a tuned model"
    EVAL_CREATED = "eval.created", "created an evaluation"
    EVAL_CHANGED = "eval.changed", "changed an evaluation"
    EVAL_REMOVED = "eval.removed", "deleted an evaluation"
    EVAL_RUN_CREATED = "eval_run.created", "started a run of an evaluation"
    EVAL_RUN_CANCELLED = "eval_run.cancelled", "cancelled a run of an evaluation"
    EVAL_RUN_REMOVED = "eval_run.removed", "deleted a run of an evaluation"
    BATCH_CREATED = "batch.created", "started a batch"
    BATCH_CANCELLED = "batch.cancelled", "cancelled a batch"
    BATCH_REMOVED = "batch.removed", "deleted a batch"

    COMPLETION_REMOVED = "chat_completion.removed", "deleted a stored completion"
    RESPONSE_REMOVED = "response.removed", "deleted a response"
    CONVERSATION_REMOVED = "conversation.removed", "deleted a conversation"
    CHAT_SHARED = "chat.shared", "changed the sharing of a chat"
    CHAT_REMOVED = "chat.removed", "deleted a chat"

    PROMPT_CREATED = "prompt.created", "created a prompt"
    PROMPT_CHANGED = "prompt.changed", "added a version to a prompt, or chose the one that is used"
    PROMPT_REMOVED = "prompt.removed", "deleted a prompt"

    FLOW_SAVED = "flow.saved", "saved a flow"
    FLOW_REMOVED = "flow.removed", "removed a flow"
    DRAFT_REMOVED = "flow_draft.removed", "removed the draft and the versions of a flow"

    VERSION_CREATED = "deployment.version_created", "created a version of a deployment"
    VERSION_PROMOTED = "deployment.promoted", "promoted a version"
    ROLLED_BACK = "deployment.rolled_back", "rolled a deployment back"
    CANARY_SET = "deployment.canary", "changed the canary of a deployment"
    SHADOW_SET = "deployment.shadow", "changed the shadow of a deployment"
    DOCUMENTS_GRANTED = "deployment.granted", "changed what a deployment answers from"
    EMBED_CREATED = "embed.created", "created an embedded chat"
    EMBED_REMOVED = "embed.removed", "removed an embedded chat"
    DEPLOYMENT_REMOVED = "deployment.removed", "removed a deployment"
