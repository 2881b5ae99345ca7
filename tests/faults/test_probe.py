from tests.faults import test_crash_points as t
from tests.faults.test_crash_points import sink,machine,without_prefect,theatre,Faults,Fault,chosen
import time
import pytest
@pytest.mark.parametrize("fault", list(Fault))
async def test_probe(theatre, fault):
    t0=time.time(); ch = await theatre.rehearse(); print("rehearsal", time.time()-t0, sum(len(c.points) for c in ch), sum(len(chosen(c.points,fault,every=1)) for c in ch))
    t0=time.time(); c0=time.process_time()
    for c in ch:
        for n in chosen(c.points,fault,every=1 if theatre.database.dialect.name=="sqlite" else 5):
            try: w = await theatre.strike(c, Faults(n, fault))
            except AssertionError as e: w=["ASSERT "+str(e)[:600]]
            for x in w:
                print("FOUND", c.act.name, n, c.points[n], x[:400], flush=True)
        print("..", c.act.name, len(c.points), time.time()-t0, time.process_time()-c0, flush=True)
