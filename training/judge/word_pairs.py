"""Words that turn a sentence into its opposite, and words that leave it as it is."""

_OPPOSITES = """
    increase=decrease increased=decreased increasing=decreasing higher=lower more=less most=least
    first=last before=after north=south east=west northern=southern eastern=western largest=smallest
    larger=smaller large=small oldest=youngest older=younger old=new early=late earlier=later
    maximum=minimum above=below won=lost win=lose allowed=forbidden enabled=disabled enable=disable
    required=optional always=never all=none success=failure male=female men=women rise=fall rose=fell
    begin=end began=ended start=stop started=stopped long=short longer=shorter high=low good=bad
    better=worse best=worst positive=negative true=false left=right upper=lower inside=outside
    public=private strong=weak rich=poor open=closed same=different include=exclude with=without
    major=minor father=mother son=daughter brother=sister husband=wife million=billion thousand=million
    kilometres=miles km=miles days=weeks weeks=months months=years hours=minutes minutes=seconds
    euros=dollars percent=points daily=weekly profit=loss assets=liabilities gain=loss import=export
    domestic=foreign active=passive buy=sell accept=reject
"""
_ALIKE = """
    began=started started=began about=approximately approximately=about located=situated large=big
    big=large film=movie movie=film city=town created=made made=created founded=established
    established=founded used=utilised use=employ also=additionally however=but because=since
    many=numerous several=a_number_of died=passed_away born=delivered received=got obtained=got
    shows=demonstrates begin=start ended=finished built=constructed constructed=built near=close_to
    show=demonstrate whole=entire entire=whole often=frequently frequently=often common=widespread
    important=significant purchase=buy help=assist allows=lets allow=let must=have_to contains=holds
    requires=needs returns=gives_back former=previous currently=now main=chief
"""


def _opposites() -> dict[str, str]:
    both: dict[str, str] = {}
    for pair in _OPPOSITES.split():
        one, other = pair.split("=")
        both.setdefault(one, other)
        both.setdefault(other, one)
    return both


OPPOSITE = _opposites()
SYNONYMS = dict(pair.replace("_", " ").split("=") for pair in _ALIKE.split())
