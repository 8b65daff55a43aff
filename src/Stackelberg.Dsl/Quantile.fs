namespace Stackelberg

open System

/// Quantiles of numbers, some of which may be unknown.
module internal Quantile =

    let need func (share: float) =
        if not (share >= 0.0 && share <= 1.0) then
            Require.wrong
                func
                (nameof share)
                (invariant
                    $"is {share}, but a number from 0 to 1 is needed (0 for the least, 0.5 for the median, 1 for the greatest).")

    /// The p-quantile of n sorted numbers, linear between the k-th at (k − 1)/(n − 1) and the next (type 7 of Hyndman and Fan
    /// 1996); NaN of none. NaNs are left out.
    let at (share: float) (values: float[]) : float =
        let known = values |> Array.filter (Double.IsNaN >> not) |> Array.sort

        if known.Length = 0 then
            nan
        else
            let place = share * float (known.Length - 1)
            let below = int (floor place)
            let above = min (known.Length - 1) (below + 1)

            if known[below] = known[above] then
                known[below]
            else
                known[below] + (place - float below) * (known[above] - known[below])

    /// The mean of those that are numbers; NaN of none.
    let mean (values: float[]) : float =
        let known = values |> Array.filter (Double.IsNaN >> not)
        if known.Length = 0 then nan else Array.average known
