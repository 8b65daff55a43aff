namespace Stackelberg

open System
open MathNet.Numerics

/// Upper bounds of infinite sums over rates that fall as powers.
module internal RateTail =

    /// ∫_N^∞ e^(−q x^s) dx for q, s > 0.
    let integral q s (from: float) =
        if not (q > 0.0 && s > 0.0) then
            infinity
        else
            let a = 1.0 / s
            let x = q * from ** s
            // Γ(a, x) = Q(a, x) Γ(a); where Q is lost to rounding, x^(a − 1) e^(−x) (1 + …) bounds it for x > 2 a.
            let gamma =
                if x > 2.0 * a + 50.0 then
                    2.0 * exp ((a - 1.0) * log x - x)
                else
                    SpecialFunctions.GammaUpperRegularized(a, x) * exp (SpecialFunctions.GammaLn a)

            a * q ** -a * gamma

    /// c and p of a rate that is c k^(−p) exactly, as far as a look from a step on tells.
    let power (rate: Rate) (step: int) : struct (float * float) voption =
        match rate.Order with
        | RateOrder.Power(c, p) when
            c > 0.0
            && [ step; 2 * step; 10 * step ]
               |> List.forall (fun k -> abs (rate.At k - c * float k ** -p) <= 1e-12 * rate.At k)
            ->
            ValueSome(struct (c, p))
        | _ -> ValueNone

    /// P(‖w‖ > u) of normal numbers of deviation 1 on n entries.
    let normal (n: int) (u: float) =
        let x = 0.5 * u * u

        if Double.IsPositiveInfinity u || x > 700.0 then
            0.0
        else
            SpecialFunctions.GammaUpperRegularized(0.5 * float n, x)
