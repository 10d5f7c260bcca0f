"""Web: the study in a browser, for what needs eyes: watch, score, correct, agree. A thin face: it only calls `Study`.

Rules that every page keeps to:

- What a page shows is a documented dataclass, filled by a function of `routes` from `Study`, and drawn by one template.
- Ids in addresses and JSON are opaque. No path, file name, date of a recording or cage-card id is sent to anyone;
  groups are not reachable from here before the study is unblinded.
- Every write needs the session's own token besides its cookie, and says who did it in the journal.
- Everything a page needs is served by this program; scripts are small ES modules, without a build step.
"""
