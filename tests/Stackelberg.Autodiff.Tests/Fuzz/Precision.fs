namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// What rounding in a number type permits.
type Precision = {
    Type: DType
    Bits: int
    /// The exponent of the smallest number above 0.
    Least: int
    Largest: float
    /// Half a unit in the last place of 1.
    Unit: float
    /// The largest error of a result that underflows.
    Tiny: float
    /// How many coefficients a jet has: 2 to the number of directions.
    Coefficients: int
} with

    static member Double = {
        Type = DType.Float64
        Bits = 53
        Least = -1074
        Largest = Double.MaxValue
        Unit = Math.ScaleB(1.0, -53)
        Tiny = Double.Epsilon
        Coefficients = 1
    }

    static member Single = {
        Type = DType.Float32
        Bits = 24
        Least = -149
        Largest = float Single.MaxValue
        Unit = Math.ScaleB(1.0, -24)
        Tiny = float Single.Epsilon
        Coefficients = 1
    }

    static member Of(dtype: DType) =
        if dtype = DType.Float32 then
            Precision.Single
        else
            Precision.Double

    member p.Round(value: float) =
        if p.Type = DType.Float32 then
            float (float32 value)
        else
            value
