"""Verifies every DKIM signature of a message with dkimpy and without the network.

Usage: dkimpy_verify.py RECORDS < MESSAGE

RECORDS is a file of lines "name<TAB>value", the TXT records that the DNS would give.
Prints "<algorithm> pass" or "<algorithm> fail" for each signature, from the top.
"""

import sys

import dkim


def read_records(path):
    with open(path, "rb") as lines:
        return dict(line.rstrip(b"\n").split(b"\t", 1) for line in lines)


def verdict(message, records, index):
    verifier = dkim.DKIM(message)
    try:
        passed = verifier.verify(
            idx=index, dnsfunc=lambda name, timeout=5: records.get(name.rstrip(b"."))
        )
    except dkim.DKIMException:
        passed = False
    return "pass" if passed else "fail"


def main():
    records = read_records(sys.argv[1])
    message = sys.stdin.buffer.read()
    signatures = [
        value for name, value in dkim.DKIM(message).headers if name.lower() == b"dkim-signature"
    ]
    for index, value in enumerate(signatures):
        algorithm = value.split(b"a=", 1)[1].split(b";", 1)[0].decode()
        print(algorithm, verdict(message, records, index))


main()
