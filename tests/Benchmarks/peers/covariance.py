"""Steps of the covariance game along its Stackelberg field, in numpy with derivatives by hand.

covariance.py FOLDER d
"""

import os
import sys

import numpy as np

from serve import serve

folder, d = sys.argv[1], int(sys.argv[2])
LAMBDA, RATE1, RATE2 = 0.2 * d, 1e-3, 2e-3


def matrix(name):
    return np.fromfile(os.path.join(folder, name)).reshape(d, d)


SIGMA = matrix("sigma")


def steps(V, W, count):
    for _ in range(count):
        gap = SIGMA - V @ V.T
        dV = -(W + W.T) @ V - 2.0 / LAMBDA * (gap @ V)
        dW = LAMBDA * W - gap
        V = V - RATE1 * dV
        W = W - RATE2 * dW
    return V, W


def check():
    V, W = steps(matrix("V"), matrix("W"), 10)
    return np.concatenate([V.ravel(), W.ravel()])


START = matrix("V"), matrix("W")


def run(count):
    steps(*START, count)


serve(check, run)
