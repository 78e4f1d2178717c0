"""Is a scale still the same scale: reliability per wave, and invariance over waves."""

from mobiliteit.scale_checks.checks import ScaleCheck, ScaleChecks, check_scales

__all__ = ["ScaleCheck", "ScaleChecks", "check_scales"]
