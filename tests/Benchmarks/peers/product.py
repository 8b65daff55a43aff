"""A matrix product in float32.

product.py FOLDER numpy|torch m k n
"""

import os
import sys

import numpy as np
import torch

from serve import serve

torch.set_num_threads(1)
folder, library = sys.argv[1:3]
m, k, n = (int(text) for text in sys.argv[3:])


def matrix(name, rows, columns):
    return np.fromfile(os.path.join(folder, name), dtype=np.float32).reshape(rows, columns)


a, b = matrix("a", m, k), matrix("b", k, n)
c = np.empty((m, n), dtype=np.float32)
if library == "torch":
    a, b, c = torch.from_numpy(a), torch.from_numpy(b), torch.from_numpy(c)


def run(count):
    if library == "torch":
        for _ in range(count):
            torch.mm(a, b, out=c)
    else:
        for _ in range(count):
            np.matmul(a, b, out=c)


def check():
    run(1)
    return np.asarray(c).ravel()


serve(check, run)
