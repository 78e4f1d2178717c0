* The same analyses in PSPP, which prints what SPSS prints.
*
*   pspp -o statistics_pspp.csv statistics.sps
*
* Reads data.csv; an empty field is system-missing. Missing values leave pairwise per test (/MISSING=ANALYSIS),
* listwise in regression and reliability, as in the package.

SET DECIMAL=DOT.
SET FORMAT=F20.10.

GET DATA /TYPE=TXT /FILE='data.csv' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /FIRSTCASE=2
  /VARIABLES=id F8.0 groep F8.0 klein F8.0 leeftijd F8.0 opleidingsniveau F8.0 geslacht F8.0 zorgtaken F8.0
    pop F8.0 netwerken F20.10 effectiviteit F20.10 scholing F20.10 succes F20.10
    s1 F8.0 s2 F8.0 s3 F8.0 s4 F8.0 t1 F8.0 t2 F8.0 t3 F8.0.

ONEWAY /VARIABLES=netwerken scholing BY groep /MISSING=ANALYSIS /STATISTICS=DESCRIPTIVES.
ONEWAY /VARIABLES=succes BY klein /MISSING=ANALYSIS /STATISTICS=DESCRIPTIVES.
ONEWAY /VARIABLES=effectiviteit BY geslacht /MISSING=ANALYSIS /STATISTICS=DESCRIPTIVES.

RECODE opleidingsniveau (6=1) (MISSING=SYSMIS) (ELSE=0) INTO hbo.
CROSSTABS /TABLES=groep BY zorgtaken /STATISTICS=CHISQ /CELLS=COUNT ROW.
CROSSTABS /TABLES=groep BY pop /STATISTICS=CHISQ /CELLS=COUNT ROW.
CROSSTABS /TABLES=klein BY pop /STATISTICS=CHISQ /CELLS=COUNT ROW.
CROSSTABS /TABLES=geslacht BY zorgtaken /STATISTICS=CHISQ /CELLS=COUNT ROW.
CROSSTABS /TABLES=groep BY hbo /STATISTICS=CHISQ /CELLS=COUNT ROW.

REGRESSION /VARIABLES=netwerken scholing geslacht /DEPENDENT=succes /STATISTICS=COEFF R ANOVA.
REGRESSION /VARIABLES=netwerken effectiviteit scholing geslacht leeftijd opleidingsniveau zorgtaken pop
  /DEPENDENT=succes /STATISTICS=COEFF R ANOVA.
REGRESSION /VARIABLES=effectiviteit /DEPENDENT=netwerken /STATISTICS=COEFF R ANOVA.

COMPUTE s3 = 1 + 5 - s3.
COMPUTE t3 = 1 + 3 - t3.
EXECUTE.
RELIABILITY /VARIABLES=s1 s2 s3 s4 /SCALE('s') ALL /MODEL=ALPHA /SUMMARY=TOTAL.
RELIABILITY /VARIABLES=t1 t2 t3 /SCALE('t') ALL /MODEL=ALPHA /SUMMARY=TOTAL.
