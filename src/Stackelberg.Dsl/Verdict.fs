namespace Stackelberg

/// Whether a point has a property. Undecided means that a needed eigenvalue lies within tolerance of the axis.
type Verdict =
    | No = 0
    | Yes = 1
    | Undecided = 2
