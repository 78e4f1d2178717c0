"""Different people: numbers followed over waves, and changes split by the composition."""

from mobiliteit.trends.follow import follow
from mobiliteit.trends.result import Trends

__all__ = ["Trends", "follow"]
