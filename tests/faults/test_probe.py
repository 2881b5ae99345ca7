from tests.faults import test_crash_points as t
from tests.faults.test_crash_points import sink,machine,without_prefect,theatre,Faults,Fault
import time, cProfile, pstats
async def test_probe(theatre):
    t.STORY=t.STORY[:2]
    t0=time.time(); ch = await theatre.rehearse(); print("rehearsal", time.time()-t0)
    p=cProfile.Profile(); 
    t0=time.time(); c0=time.process_time()
    
    for n in (10,20,30,40): 
        for x in await theatre.strike(ch[1], Faults(n)): print(n, x[:200])
    
    print("4 strikes", time.time()-t0, time.process_time()-c0)
    #pstats.Stats(p).sort_stats("cumtime").print_stats(60)
