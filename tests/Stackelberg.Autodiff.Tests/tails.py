# Prints TailsTable.fs: derivatives of elementwise functions near their ends, to 50 digits by mpmath.
#   python3 tails.py > TailsTable.fs
from mpmath import mp, mpf, diff, exp, log, log1p, expm1, sqrt, tanh, sinh, cosh, sin, cos, tan, asin, acos, atan, taylor

mp.dps = 1000  # the differences that taylor() takes lose most of them; far more than 50 are right

cases = [
    ("sigmoid", lambda x: 1 / (1 + exp(-x)), [1e-10, 0.5, 5, 17.5, -17.5, 36.5, 50, -50, 80, 300, 700, -700]),
    ("softplus", lambda x: log1p(exp(x)), [1e-10, 0.5, 5, 17.5, -17.5, 36.5, 50, -50, 80, 300, 700, -600]),
    ("tanh", tanh, [1e-10, 0.5, 3, 9.5, -9.5, 19.5, 25, -25, 40, 150, 340, -340]),
    ("exp", exp, [-80, -1, 80, 700, -700]),
    ("expm1", expm1, [1e-10, -1e-10, -20, -80, 80, 700]),
    ("log", log, [1e-10, 1e-30, 0.5, 1e9, 1e-90, 1e90]),
    ("log10", lambda x: log(x) / log(10), [1e-10, 1e9, 1e-90, 1e90]),
    ("log1p", log1p, [-0.999, 1e-10, 1e9, -0.9999999, 1e90]),
    ("sqrt", sqrt, [1e-10, 1e10, 1e-110, 1e110]),
    ("reciprocal", lambda x: 1 / x, [1e-8, -1e8, 1e-70, 1e70]),
    ("power 2.5", lambda x: x ** mpf(2.5), [1e-10, 1e10, 1e-90, 1e90]),
    ("power -1.5", lambda x: x ** mpf(-1.5), [1e-6, 1e6, 1e-60, 1e60]),
    ("sinh", sinh, [1e-10, 20, -80, 700]),
    ("cosh", cosh, [0.5, 20, -80, 700]),
    ("sin", sin, [0.5, 1e3, 1.5]),
    ("cos", cos, [0.5, 1e3, 3]),
    ("tan", tan, [0.5, 1.5, 1.57, -1.57]),
    ("asin", asin, [1e-10, 0.5, -0.999, 0.9999999]),
    ("acos", acos, [1e-10, 0.5, -0.999, 0.9999999]),
    ("atan", atan, [1e-10, 3, 1e5, -1e9, 1e70]),
]


def single(x):
    import struct

    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return x


print("/// Written by tails.py: do not edit.")
print("module Stackelberg.Autodiff.Tests.TailsTable\n")
print("/// Function, point, and the first three derivatives there.")
print("let derivatives: (string * float * float list) list = [")
for name, f, points in cases:
    for x in points:
        # Where float32 has the range, a point that it holds exactly.
        x = single(x) if 1e-30 <= abs(x) <= 1e30 else x
        coefficients = taylor(f, mpf(x), 3)
        found = [coefficients[n] * mp.factorial(n) for n in (1, 2, 3)]
        if all(abs(d) < mpf("1e300") for d in found):
            numbers = "; ".join(mp.nstr(d, 17, min_fixed=1, max_fixed=0) for d in found)
            print(f'    "{name}", {float(x)!r}, [ {numbers} ]')
print("]")
