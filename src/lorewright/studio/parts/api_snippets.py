"""Code that asks a model over the API, in three languages."""

import json

KEY_PLACEHOLDER = "lw-..."


def snippet_texts(base_url: str, model: str, key: str) -> dict[str, str]:
    """Return the code that asks a model one question, by language."""
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "..."}]})
    return {
        "Python": (
            "from openai import OpenAI\n\n"
            f'client = OpenAI(base_url="{base_url}/v1", api_key="{key}")\n'
            f'answer = client.chat.completions.create(model="{model}", '
            'messages=[{"role": "user", "content": "..."}])\n'
            "print(answer.choices[0].message.content, answer.choices[0].message.annotations)"
        ),
        "curl": (
            f"curl {base_url}/v1/chat/completions \\\n"
            f'  -H "Authorization: Bearer {key}" \\\n'
            '  -H "Content-Type: application/json" \\\n'
            f"  -d '{body}'"
        ),
        "JavaScript": (
            'import OpenAI from "openai";\n\n'
            f'const client = new OpenAI({{ baseURL: "{base_url}/v1", apiKey: "{key}" }});\n'
            f"const answer = await client.chat.completions.create({body});\n"
            "console.log(answer.choices[0].message.content);"
        ),
    }
