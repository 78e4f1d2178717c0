* Writes small.sav, small.zsav and small.por, which tests/test_reading_formats.py reads.
* In this folder: pspp formats.sps.
SET LOCALE='UTF-8'.
DATA LIST LIST /respnr (F4.0) vraag (F1.0) naam (A8) uren (F4.1) saldo (F4.0) dag (DATE11) duur (TIME8).
BEGIN DATA
5001 1 "aap"  3.5  -5  17-FEB-2031 01:02:03
5002 9 "n/a"  98   999 05-MAY-1950 00:00:01
5003 5 "mies" 97   1   29-FEB-2000 .
5004 . ""     .    .   .           .
END DATA.
VARIABLE LABELS vraag 'Vraag een' naam 'Naam'.
VALUE LABELS vraag 1 'ja' 5 'nee' 9 'weet niet' /naam 'n/a' 'niet van toepassing'.
MISSING VALUES vraag (7 THRU 9, 5) naam ('n/a') uren (97 THRU HI) saldo (LO THRU -1, 999).
SAVE OUTFILE='small.sav'.
SAVE OUTFILE='small.zsav' /ZCOMPRESSED.
EXPORT OUTFILE='small.por'.
