namespace Stackelberg

open System
open Stackelberg.Kernels

/// Elementwise functions that no operator or function of F# names.
module internal SpecialFunctions =

    let private number = Elementwise.number

    /// From here on 1 + x² is x² to the last place, and its root |x|.
    let private large = 134217728.0

    /// √(1 + x²), whose square may overflow.
    let private rootOfOnePlusSquare (x: Tensor) =
        let size = abs x
        let isSmall = Elementwise.less size (number x large)
        let inside = Elementwise.where isSmall x (number x 1.0)
        Elementwise.where isSmall (sqrt (1.0 + inside * inside)) size

    let asinh (t: Tensor) =
        Elementwise.smooth ElementKernels.Asinh (fun x _ t -> t / rootOfOnePlusSquare x) t

    let acosh (t: Tensor) =
        Elementwise.smooth ElementKernels.Acosh (fun x _ t -> t / (sqrt (x - 1.0) * sqrt (x + 1.0))) t

    let atanh (t: Tensor) =
        Elementwise.smooth ElementKernels.Atanh (fun x _ t -> t / Elementwise.oneMinusSquare x) t

    /// exp −x². Where it is 0 the factor x of its derivative is kept from being infinite.
    let private gaussian (t: Tensor) =
        let derive (x: Tensor) y t =
            let matters = Elementwise.less (abs x) (number x 40.0)
            t * (y * (-2.0 * Elementwise.where matters x (number x 0.0)))

        Elementwise.smooth ElementKernels.ExpMinusSquare derive t

    let private slope = 2.0 / sqrt Math.PI

    let erf (t: Tensor) =
        Elementwise.smooth ElementKernels.Erf (fun x _ t -> t * (slope * gaussian x)) t

    let erfc (t: Tensor) =
        Elementwise.smooth ElementKernels.Erfc (fun x _ t -> t * (-slope * gaussian x)) t

    /// ψ⁽ⁿ⁾, the digamma function for n = 0.
    let rec polygamma n (t: Tensor) : Tensor =
        let kernel =
            if n = 0 then
                ElementKernels.Digamma
            else
                ElementKernels.Polygamma n

        Elementwise.smooth kernel (fun x _ t -> t * polygamma (n + 1) x) t

    let lgamma (t: Tensor) =
        Elementwise.smooth ElementKernels.LogGamma (fun x _ t -> t * polygamma 0 x) t

    let logaddexp (a: Tensor) (b: Tensor) =
        let derive i (args: Tensor[]) _ (t: Tensor) =
            let own, other = args[i], args[1 - i]

            // Two equal infinities count half each, as two equal numbers do.
            let undecided =
                Elementwise.equal own other
                * Elementwise.equal (abs own) (number t Double.PositiveInfinity)

            t
            * Elementwise.sigmoid (Elementwise.where undecided (number t 0.0) (own - other))

        Elementwise.binary ElementKernels.LogAddExp derive a b
