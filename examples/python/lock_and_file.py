"""A session, a lock and a file, through the .proto alone.

Debian: apt-get install python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc
Run:    ./run.sh [HOST:PORT,HOST:PORT,...]    the cell of `npm start` unless given
"""

import os
import sys
import threading

import grpc
from chubby.v1 import chubby_pb2 as pb
from chubby.v1 import chubby_pb2_grpc as rpc

LOCAL_CELL = "127.0.0.1:7101,127.0.0.1:7102,127.0.0.1:7103,127.0.0.1:7104,127.0.0.1:7105"
TIMEOUT_S = 5


def connect_to_master(addresses):
    """Any live replica tells who is master."""
    for address in addresses:
        try:
            answer = rpc.ChubbyStub(grpc.insecure_channel(address)).GetMaster(pb.GetMasterRequest(), timeout=TIMEOUT_S)
        except grpc.RpcError as error:
            print(f"{address}: {error.code().name}", file=sys.stderr)
            continue
        if answer.HasField("master"):
            print(f"the master of cell {answer.cell} is replica {answer.master.id} at {answer.master.address}")
            return rpc.ChubbyStub(grpc.insecure_channel(answer.master.address))
    sys.exit("no replica names a master")


def keep_alive(chubby, session, ended):
    """Asks again whenever the master has answered; the master holds each question until the lease is nearly over."""
    answered = threading.Semaphore(1)

    def questions():
        number = 0
        while answered.acquire() and not ended.is_set():
            number += 1
            yield pb.KeepAliveRequest(session=session, number=number)

    def run():
        try:
            for _ in chubby.KeepAlive(questions()):
                answered.release()
        except grpc.RpcError as error:
            if not ended.is_set():
                print(f"the session is in jeopardy: {error.code().name}", file=sys.stderr)

    threading.Thread(target=run, daemon=True).start()
    return answered


def main(addresses):
    chubby = connect_to_master(addresses)
    created = chubby.CreateSession(pb.CreateSessionRequest(nonce=os.urandom(16), caches_nothing=True), timeout=TIMEOUT_S)
    ended = threading.Event()
    answered = keep_alive(chubby, created.session, ended)
    number = 0

    def context():
        """Each request has its own number; with it, a retry would never be executed twice."""
        nonlocal number
        number += 1
        return pb.RequestContext(session=created.session, number=number, acknowledged=number - 1)

    node = chubby.Open(
        pb.OpenRequest(
            context=context(),
            name="/ls/local/from-python",
            read=True,
            write=True,
            create=pb.CREATE_MODE_MAY,
            kind=pb.NODE_KIND_FILE,
        ),
        timeout=TIMEOUT_S,
    )
    lock = chubby.Acquire(
        pb.AcquireRequest(context=context(), handle=node.handle, mode=pb.LOCK_MODE_EXCLUSIVE, wait_ms=3000),
        timeout=TIMEOUT_S,
    )
    print(f"granted: {lock.granted}, lock generation {lock.lock_generation}")
    written = chubby.SetContents(
        pb.SetContentsRequest(context=context(), handle=node.handle, contents=b"hello from python"), timeout=TIMEOUT_S
    )
    read = chubby.GetContentsAndStat(pb.GetContentsAndStatRequest(name="/ls/local/from-python"), timeout=TIMEOUT_S)
    print(f"read: {read.contents.decode()!r}, content generation {read.stat.content_generation}")
    assert read.stat.content_generation == written.stat.content_generation
    sequencer = chubby.GetSequencer(
        pb.GetSequencerRequest(context=context(), handle=node.handle), timeout=TIMEOUT_S
    ).sequencer
    check = chubby.CheckSequencer(pb.CheckSequencerRequest(sequencer=sequencer), timeout=TIMEOUT_S)
    print(f"sequencer of {len(sequencer)} bytes, valid: {check.valid}")
    chubby.Release(pb.ReleaseRequest(context=context(), handle=node.handle), timeout=TIMEOUT_S)
    ended.set()
    answered.release()
    chubby.CloseSession(pb.CloseSessionRequest(session=created.session), timeout=TIMEOUT_S)
    print("the lock is released and the session closed")


if __name__ == "__main__":
    main((sys.argv[1] if len(sys.argv) > 1 else LOCAL_CELL).split(","))
