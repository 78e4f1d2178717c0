* The group comparisons in PSPP, which prints what SPSS prints.
*
*   pspp -O format=csv -o inference_groups_pspp.csv inference_groups.sps
*
* Reads data.csv; an empty field is system-missing. Missing values leave pairwise per test, as in the package.

SET DECIMAL=DOT.
SET FORMAT=F20.10.

GET DATA /TYPE=TXT /FILE='data.csv' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /FIRSTCASE=2
  /VARIABLES=id F8.0 groep F8.0 klein F8.0 leeftijd F8.0 opleidingsniveau F8.0 geslacht F8.0 zorgtaken F8.0
    pop F8.0 netwerken F20.10 effectiviteit F20.10 scholing F20.10 succes F20.10
    s1 F8.0 s2 F8.0 s3 F8.0 s4 F8.0 t1 F8.0 t2 F8.0 t3 F8.0.

ONEWAY /VARIABLES=netwerken scholing BY groep /MISSING=ANALYSIS /POSTHOC=TUKEY GH.
NPAR TESTS /KRUSKAL-WALLIS=s1 scholing BY groep(1,4).
CROSSTABS /TABLES=groep BY opleidingsniveau /STATISTICS=CHISQ /CELLS=COUNT EXPECTED ASRESIDUAL.
CROSSTABS /TABLES=geslacht BY zorgtaken /STATISTICS=CHISQ /CELLS=COUNT EXPECTED ASRESIDUAL.
