"""Every statement of the report's text as data, judged on its own tables and on a wave."""
