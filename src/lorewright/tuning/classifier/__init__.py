"""Labels of a closed set, told by a head on the embedding model that is trained in seconds."""

from lorewright.tuning.classifier.prediction import (
    Classifier,
    FieldPrediction,
    NearExample,
    Prediction,
    Validation,
)

__all__ = ["Classifier", "FieldPrediction", "NearExample", "Prediction", "Validation"]
