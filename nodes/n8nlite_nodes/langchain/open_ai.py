"""
OpenAI: message a model, moderation, images, audio and files.

https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-langchain.openai/
"""

from n8nlite_nodes.langchain._open_ai_media import (
    AnalyzeImage,
    AnalyzeImageByResponse,
    DeleteFile,
    GenerateImage,
    GenerateImageByModel,
    GenerateSpeech,
    ListFiles,
    Transcribe,
    Translate,
    UploadFile,
)
from n8nlite_nodes.langchain._open_ai_responses import Respond
from n8nlite_nodes.langchain._open_ai_text import Classify, MessageModel

__all__ = [
    "AnalyzeImage",
    "AnalyzeImageByResponse",
    "Classify",
    "DeleteFile",
    "GenerateImage",
    "GenerateImageByModel",
    "GenerateSpeech",
    "ListFiles",
    "MessageModel",
    "Respond",
    "Transcribe",
    "Translate",
    "UploadFile",
]
