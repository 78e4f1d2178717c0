"""The generator of the bundled synthetic wave.

The microdata of 2006 were never published. :func:`.generate.run` draws respondents whose analysis
gives every printed number of chapter 3, and writes them as a panel supplier would deliver them. In
order:

1. Head counts by class (:mod:`.counts`): one mixed integer program, since the sums behind the class
   means of tables 3.10 and 3.11 must agree over all factors and with table 3.3.
2. People (:mod:`.people`): demographics and screening answers with exactly those counts.
3. First answers (:mod:`.draw`, :mod:`.missing`): a Gaussian copula with the correlations that one
   would expect, and who does not answer.
4. Annealing (:mod:`.problem`, :mod:`.anneal`): answers move by a point, are handed
   on or exchanged until every mean, test, coefficient and explained variance prints as published.
   Correlations and shapes are held by a prior that does not cool.
5. Items and rarely asked questions (:mod:`.items`, :mod:`.late`, :mod:`.assemble`).
6. The file with all that a real delivery holds (:mod:`.rawfile`, :mod:`.savfile`), and a check of
   the written file by brute force (:mod:`.check`, :mod:`.bounds`); :mod:`.page` shows what the
   wave looks like.

What it cannot tell: anything that the report did not print. Countless waves have the same tables;
this is one of them, and every other relation in it was put there by ``synthetic_targets.yaml`` or
by chance.
"""
