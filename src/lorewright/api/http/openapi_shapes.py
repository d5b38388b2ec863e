"""What OpenAI's operations answer, in the types of OpenAI's own SDK."""

from collections.abc import Mapping
from typing import Any

from openai import types
from openai.types import chat, conversations, evals, fine_tuning, responses, uploads, vector_stores
from openai.types.evals import runs as eval_runs
from openai.types.fine_tuning import alpha
from openai.types.fine_tuning import jobs as fine_tuning_jobs
from pydantic import TypeAdapter

Json = dict[str, Any]
Operation = tuple[str, str]

_FILES, _UPLOADS = "/v1/files", "/v1/uploads/{upload_id}"
_STORES, _STORE = "/v1/vector_stores", "/v1/vector_stores/{store_id}"
_STORED = f"{_STORE}/files"
_BATCH = f"{_STORE}/file_batches"
_JOBS, _JOB = "/v1/fine_tuning/jobs", "/v1/fine_tuning/jobs/{job_id}"
_TALK = "/v1/conversations/{conversation_id}"
_EVAL = "/v1/evals/{eval_id}"
_RUN = f"{_EVAL}/runs"
_ITEMS = f"{_RUN}/{{run_id}}/output_items"
_CHAT = "/v1/chat/completions"


class ListOf:
    """A page of objects of a type, and what it is called."""

    def __init__(self, item: Any, name: str = "list") -> None:
        self.item = item
        self.name = name


_NULL_WHERE_NONE = ("EvalAPIError",)
"""What OpenAI answers with null where there is none, although the SDK's types do not say so."""

SHAPES: Mapping[Operation, Any] = {
    ("get", "/v1/models"): ListOf(types.Model),
    ("get", "/v1/models/{name}"): types.Model,
    ("delete", "/v1/models/{name}"): types.ModelDeleted,
    ("post", _CHAT): chat.ChatCompletion,
    ("get", _CHAT): ListOf(chat.ChatCompletion),
    ("get", f"{_CHAT}/{{completion_id}}"): chat.ChatCompletion,
    ("post", f"{_CHAT}/{{completion_id}}"): chat.ChatCompletion,
    ("delete", f"{_CHAT}/{{completion_id}}"): chat.ChatCompletionDeleted,
    ("get", f"{_CHAT}/{{completion_id}}/messages"): ListOf(chat.ChatCompletionStoreMessage),
    ("post", "/v1/completions"): types.Completion,
    ("post", "/v1/embeddings"): types.CreateEmbeddingResponse,
    ("post", _FILES): types.FileObject,
    ("get", _FILES): ListOf(types.FileObject),
    ("get", f"{_FILES}/{{file_id}}"): types.FileObject,
    ("delete", f"{_FILES}/{{file_id}}"): types.FileDeleted,
    ("post", "/v1/uploads"): types.Upload,
    ("post", f"{_UPLOADS}/parts"): uploads.UploadPart,
    ("post", f"{_UPLOADS}/complete"): types.Upload,
    ("post", f"{_UPLOADS}/cancel"): types.Upload,
    ("post", _STORES): types.VectorStore,
    ("get", _STORES): ListOf(types.VectorStore),
    ("get", _STORE): types.VectorStore,
    ("post", _STORE): types.VectorStore,
    ("delete", _STORE): types.VectorStoreDeleted,
    ("post", f"{_STORE}/search"): ListOf(types.VectorStoreSearchResponse, "vector_store.search_results.page"),
    ("get", f"{_STORED}/{{file_id}}/content"): ListOf(
        vector_stores.FileContentResponse, "vector_store.file_content.page"
    ),
    ("post", _STORED): vector_stores.VectorStoreFile,
    ("get", _STORED): ListOf(vector_stores.VectorStoreFile),
    ("get", f"{_STORED}/{{file_id}}"): vector_stores.VectorStoreFile,
    ("post", f"{_STORED}/{{file_id}}"): vector_stores.VectorStoreFile,
    ("delete", f"{_STORED}/{{file_id}}"): vector_stores.VectorStoreFileDeleted,
    ("post", _BATCH): vector_stores.VectorStoreFileBatch,
    ("get", f"{_BATCH}/{{batch_id}}"): vector_stores.VectorStoreFileBatch,
    ("post", f"{_BATCH}/{{batch_id}}/cancel"): vector_stores.VectorStoreFileBatch,
    ("get", f"{_BATCH}/{{batch_id}}/files"): ListOf(vector_stores.VectorStoreFile),
    ("post", _JOBS): fine_tuning.FineTuningJob,
    ("get", _JOBS): ListOf(fine_tuning.FineTuningJob),
    ("get", _JOB): fine_tuning.FineTuningJob,
    ("post", f"{_JOB}/cancel"): fine_tuning.FineTuningJob,
    ("post", f"{_JOB}/pause"): fine_tuning.FineTuningJob,
    ("post", f"{_JOB}/resume"): fine_tuning.FineTuningJob,
    ("get", f"{_JOB}/events"): ListOf(fine_tuning.FineTuningJobEvent),
    ("get", f"{_JOB}/checkpoints"): ListOf(fine_tuning_jobs.FineTuningJobCheckpoint),
    ("post", "/v1/fine_tuning/alpha/graders/run"): alpha.GraderRunResponse,
    ("post", "/v1/batches"): types.Batch,
    ("get", "/v1/batches"): ListOf(types.Batch),
    ("get", "/v1/batches/{batch_id}"): types.Batch,
    ("post", "/v1/batches/{batch_id}/cancel"): types.Batch,
    ("post", "/v1/conversations"): conversations.Conversation,
    ("get", _TALK): conversations.Conversation,
    ("post", _TALK): conversations.Conversation,
    ("delete", _TALK): conversations.ConversationDeletedResource,
    ("post", f"{_TALK}/items"): ListOf(conversations.ConversationItem),
    ("get", f"{_TALK}/items"): ListOf(conversations.ConversationItem),
    ("get", f"{_TALK}/items/{{item_id}}"): conversations.ConversationItem,
    ("delete", f"{_TALK}/items/{{item_id}}"): conversations.Conversation,
    ("post", "/v1/responses"): responses.Response,
    ("get", "/v1/responses/{response_id}"): responses.Response,
    ("post", "/v1/responses/{response_id}/cancel"): responses.Response,
    ("get", "/v1/responses/{response_id}/input_items"): ListOf(responses.ResponseItem),
    ("post", "/v1/responses/input_tokens"): responses.InputTokenCountResponse,
    ("post", "/v1/responses/compact"): responses.CompactedResponse,
    ("post", "/v1/evals"): types.EvalCreateResponse,
    ("get", "/v1/evals"): ListOf(types.EvalListResponse),
    ("get", _EVAL): types.EvalRetrieveResponse,
    ("post", _EVAL): types.EvalUpdateResponse,
    ("delete", _EVAL): types.EvalDeleteResponse,
    ("post", _RUN): evals.RunCreateResponse,
    ("get", _RUN): ListOf(evals.RunListResponse),
    ("get", f"{_RUN}/{{run_id}}"): evals.RunRetrieveResponse,
    ("delete", f"{_RUN}/{{run_id}}"): evals.RunDeleteResponse,
    ("post", f"{_RUN}/{{run_id}}/cancel"): evals.RunCancelResponse,
    ("get", _ITEMS): ListOf(eval_runs.OutputItemListResponse),
    ("get", f"{_ITEMS}/{{item_id}}"): eval_runs.OutputItemRetrieveResponse,
}
"""By method and path: the type of what comes back."""


def schemas() -> tuple[Mapping[Operation, Json], Json]:
    """Return the JSON schema of what each operation answers, and those of the parts they are made of."""
    items = {at: shape.item if isinstance(shape, ListOf) else shape for at, shape in SHAPES.items()}
    made, parts = TypeAdapter.json_schemas(
        [(" ".join(at), "validation", TypeAdapter(item)) for at, item in items.items()],
        ref_template="#/components/schemas/{model}",
    )
    known = parts.get("$defs", {})
    for name in _NULL_WHERE_NONE:
        known[name] = {"anyOf": [known[name], {"type": "null"}]}
    answers = {}
    for at, shape in SHAPES.items():
        answer = made[(" ".join(at), "validation")]
        answers[at] = _list_of(answer, shape.name) if isinstance(shape, ListOf) else answer
    return answers, known


def _list_of(item: Json, name: str) -> Json:
    return {
        "type": "object",
        "properties": {
            "object": {"const": name},
            "data": {"type": "array", "items": item},
            "has_more": {"type": "boolean"},
        },
        "required": ["object", "data"],
    }
