"""The committed alias data: well-formed, sourced, and free of contradictions."""

from graph.resolution.tables import DATA, aliases


def rows(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_tables_are_sorted_out():
    for name, width in (("senses.tsv", 6), ("names.tsv", 3), ("curated.tsv", 3), ("cues.tsv", 2)):
        assert all(len(row) == width for row in rows(name)), name
        first = [row[0] for row in rows(name)]
        assert len(set(first)) == len(first), name


def test_every_alias_has_a_source():
    data = aliases()
    for key in (*data.longs.values(), *data.spelled.values(), *data.exact.values()):
        assert data.sources[key]
    assert all(source for _, source in data.names.values())


def test_no_spelling_by_hand_names_two_things():
    seen = {}
    for key, _, spellings in rows("curated.tsv"):
        for spelling in spellings.split("|"):
            assert seen.setdefault(spelling, key) == key


def test_a_key_by_hand_is_never_another_thing_in_the_mined_data():
    data = aliases()
    by_hand = {row[0] for row in rows("curated.tsv")}
    for _, long, _, others, *_ in rows("senses.tsv"):
        forms = ["".join(long.split()), *others.split("|")]
        if data.longs[forms[0]] in by_hand:
            assert any(data.spelled.get(form) == data.longs[forms[0]] for form in forms), long


def test_the_data_stay_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 6_000_000
