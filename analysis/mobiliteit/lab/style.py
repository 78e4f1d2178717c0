"""Styles of the parts of the page: each part has its own, which nothing outside it can reach."""

from __future__ import annotations

FAMILY = 'system-ui, "Segoe UI", Helvetica, Arial, sans-serif'
FONT = f"font-family: {FAMILY};"
FIELD = f"""
:host {{ {FONT} --focus: #0072b2; }}
.bk-input-group > label, label {{ font: 600 14px/1.3 {FAMILY}; color: #1b1b1b; margin: 0 0 3px;
  padding: 0; white-space: normal; }}
.bk-input {{ font: 15px/1.4 {FAMILY}; color: #1b1b1b;
  border: 1px solid #6b6b6b; border-radius: 4px; background-color: #fff; padding: 7px 10px;
  min-height: 38px; width: 100%; }}
.bk-input:focus, .bk-input:focus-visible {{ outline: 3px solid var(--focus); outline-offset: 1px;
  box-shadow: none; border-color: var(--focus); }}
select.bk-input:not([size]) {{ padding-right: 30px; text-overflow: ellipsis; }}
select[size] {{ max-height: 26em; }}
select[size] option {{ white-space: normal; padding: 4px 2px; border-bottom: 1px solid #dfe3e6;
  font-size: 14px; line-height: 1.3; }}
.bk-input-group label:has(input[type=radio]), .bk-input-group label:has(input[type=checkbox])
  {{ font-weight: 400; }}
input[type=radio], input[type=checkbox] {{ accent-color: #0072b2; width: 17px; height: 17px;
  margin: 2px 8px 0 0; flex: none; }}
input:focus-visible {{ outline: 3px solid var(--focus); outline-offset: 2px; }}
label:has(input) {{ display: flex; align-items: flex-start; font-weight: 400; margin: 0 0 5px;
  cursor: pointer; }}
label:has(input) span {{ display: block; white-space: pre-line; font-size: 13px; line-height: 1.35;
  color: #595959; }}
"""
FORMS = (
    FIELD
    + "label:has(input) span::first-line { color: #1b1b1b; font-weight: 600; font-size: 14px; }"
)
LINE = (
    FIELD
    + """
.bk-input-group { display: grid; grid-template-columns: minmax(0, 9.5em) minmax(0, 1fr);
  gap: 4px 10px; align-items: center; }
.bk-input-group > label { margin: 0; }
"""
)
NOTE = f"""
:host, :host > div {{ {FONT} font-size: 13px; line-height: 1.45; color: #595959; }}
p {{ margin: 0 0 6px; }} h2 {{ font-size: 19px; margin: 0 0 6px; color: #1b1b1b; }}
h3 {{ font-size: 15px; margin: 4px 0 2px; color: #1b1b1b; }}
h2:focus {{ outline: none; }}
.wrong {{ color: #8a3b00; }}
"""
TEXT = f"""
:host, :host > div {{ {FONT} font-size: 15px; line-height: 1.5; color: #1b1b1b; }}
p {{ margin: 0 0 8px; max-width: 44em; }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 4px; }}
h2 {{ font-size: 19px; margin: 0 0 6px; }} h3 {{ font-size: 15px; margin: 12px 0 2px; }}
h2:focus {{ outline: none; }}
.question {{ font-size: 17px; line-height: 1.4; }}
code {{ font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  user-select: all; overflow-wrap: anywhere; }}
pre {{ font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: 6px 0;
  padding: 8px 12px; background: #fff8e8; border-left: 4px solid #b36b00; overflow-x: auto; }}
.wrong {{ color: #8a3b00; font-weight: 600; }} .done {{ color: #00533c; font-weight: 600; }}
.quiet {{ color: #595959; font-size: 13px; }}
.mark {{ background: #fff1cc; border-left: 4px solid #b36b00; color: #3d2500; padding: 7px 12px;
  font-size: 14px; }}
.mark::before {{ content: "⚠ "; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; margin: 6px 0; }}
th, td {{ padding: 4px 10px 4px 0; border-bottom: 1px solid #d5d5d5; text-align: left;
  vertical-align: top; }}
th.number, td.number {{ text-align: right; white-space: nowrap; }}
thead th {{ border-bottom: 1.5px solid #333; }}
"""
_BUTTON = f"""
:host {{ {FONT} }}
.bk-btn {{ font: 600 15px/1.3 {FAMILY};
  min-height: 40px; border-radius: 4px; padding: 7px 16px; white-space: normal; }}
.bk-btn:focus-visible, .bk-btn:focus {{ outline: 3px solid #0072b2; outline-offset: 2px;
  box-shadow: none; }}
"""
PRIMARY = (
    _BUTTON
    + """
.bk-btn.bk-btn-default, :host(.solid) .bk-btn.bk-btn-default {
  background: #0b4f7d; color: #fff; border: 1px solid #0b4f7d; }
:host(.solid) .bk-btn.bk-btn-default:hover { background: #083a5c; color: #fff; }
:host(.solid) .bk-btn.bk-btn-default[disabled] { background: #595959; color: #fff; opacity: 1; }
"""
)
SECOND = (
    _BUTTON
    + """
.bk-btn.bk-btn-default, :host(.solid) .bk-btn.bk-btn-default {
  background: #fff; color: #0b4f7d; border: 1px solid #0b4f7d; }
:host(.solid) .bk-btn.bk-btn-default:hover { background: #eaf3f9; }
.bk-btn a { color: inherit; text-decoration: none; }
:host(.solid) .bk-btn.bk-btn-default[disabled] {
  color: #6b6b6b; border-color: #b5b5b5; opacity: 1; background: #f4f4f4; }
"""
)
CHIP = (
    _BUTTON
    + """
.bk-btn.bk-btn-default, :host(.solid) .bk-btn.bk-btn-default {
  background: #eef3f6; color: #1b1b1b; border: 1px solid #b9c9d3;
  font-size: 13px; font-weight: 400; min-height: 30px; padding: 3px 12px; border-radius: 15px;
  text-align: left; margin: 4px 0 0; width: fit-content; max-width: 100%; }
:host(.solid) .bk-btn.bk-btn-default:hover { background: #dde8ee; }
.bk-btn::after { content: "  ✕"; color: #595959; }
"""
)
