"""What every refusal of bad input looks like."""


def is_one_line(seen, *parts):
    status, out, err = seen
    assert status == 2, seen
    assert out == ""
    assert err.startswith("safeconduct: ")
    assert err.count("\n") == 1, err
    assert len(err) < 600
    assert "Traceback" not in err
    for part in parts:
        assert part in err, err
