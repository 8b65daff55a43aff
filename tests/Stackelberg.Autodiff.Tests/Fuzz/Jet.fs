namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// <summary>A value with its derivatives along up to three directions, each taken at most once: coefficient S, a set of
/// directions as bits, is the mixed derivative along those in S.</summary>
/// <remarks>Values are wide numbers. Sizes holds for each coefficient the sum of the magnitudes of all products of partial
/// derivatives that it is made of: what either mode of differentiation rounds is relative to it. Errors bounds the error of
/// a computation in the number type that sums those products in any order; ∞ where the result is open.</remarks>
[<ReferenceEquality>]
type Jet = {
    Values: Wide[]
    Sizes: float[]
    Errors: float[]
    /// The largest Σ |log2 |partial derivative|| along a path to the arguments: how far products of some of them may reach
    /// in the order of another mode.
    Reach: float
    /// Whether it is made of the function's argument at all.
    Depends: bool
}

module Jet =

    /// Of one op: the kernels' functions are right to 4 units in the last place in float32.
    let private roundings = 8.0

    /// What an error becomes by a factor. An open one stays open even by a factor of 0, an exact one exact by ∞.
    let private times (factor: float) (error: float) =
        if error = 0.0 then
            0.0
        elif not (Double.IsFinite error) then
            infinity
        elif factor = 0.0 then
            0.0
        else
            let product = factor * error
            // Not known is not known, however little.
            if Double.IsNaN product then
                infinity
            else
                max product Double.Epsilon

    let constant (p: Precision) (value: float) =
        let count = p.Coefficients
        let values = Array.create count Wide.Zero
        values[0] <- Wide.Of(p.Round value)

        {
            Values = values
            Sizes = Array.init count (fun k -> if k = 0 then abs values[0].Value else 0.0)
            Errors = Array.zeroCreate count
            Reach = 0.0
            Depends = false
        }

    /// A zero that an op puts in: it does not move, but forward differentiation carries a tangent of 0 through it.
    let zeroOnPath p = { constant p 0.0 with Depends = true }

    /// An entry of the function's argument, moving along the directions by the given numbers.
    let variable (p: Precision) (directions: float[]) (value: float) =
        let jet = { constant p value with Depends = true }

        directions
        |> Array.iteri (fun i direction ->
            jet.Values[1 <<< i] <- Wide.Of direction
            jet.Sizes[1 <<< i] <- abs direction)

        jet

    let value (jet: Jet) = jet.Values[0]
    let error (jet: Jet) = jet.Errors[0]

    let isMoving (jet: Jet) =
        Seq.exists (fun k -> jet.Sizes[k] <> 0.0) (seq { 1 .. jet.Sizes.Length - 1 })

    /// Derivatives that nothing can be said about.
    let withOpenDerivatives (jet: Jet) = {
        jet with
            Depends = true
            Errors = jet.Errors |> Array.mapi (fun k e -> if k = 0 then e else infinity)
    }

    let withOpenValue (jet: Jet) = {
        jet with
            Depends = true
            Errors = jet.Errors |> Array.map (fun _ -> infinity)
    }

    /// The value of one with the derivatives of another.
    let withValueOf (value: Jet) (jet: Jet) =
        let take (from: 'a[]) (rest: 'a[]) =
            Array.mapi (fun k v -> if k = 0 then from[0] else v) rest

        {
            jet with
                Values = take value.Values jet.Values
                Sizes = take value.Sizes jet.Sizes
                Errors = take value.Errors jet.Errors
        }

    /// The value without its derivatives.
    let still (jet: Jet) = {
        Values = jet.Values |> Array.mapi (fun k v -> if k = 0 then v else Wide.Zero)
        Sizes = jet.Sizes |> Array.mapi (fun k v -> if k = 0 then v else 0.0)
        Errors = jet.Errors |> Array.mapi (fun k v -> if k = 0 then v else 0.0)
        Reach = 0.0
        Depends = false
    }

    /// The value as the number type holds it: infinite beyond its largest number; the errors of one more op.
    let private rounded (p: Precision) (factor: float) isCorrectlyRounded (jet: Jet) =
        for k in 0 .. jet.Values.Length - 1 do
            let v = jet.Values[k]

            if k = 0 then
                if v.IsFinite then
                    let size = abs v.Value

                    if size > p.Largest then
                        // An infinity for sure, or for all that is known.
                        if
                            jet.Errors[0] < 0.25 * size
                            || Double.IsPositiveInfinity size && Double.IsFinite jet.Errors[0]
                        then
                            jet.Values[0] <- Wide.Of(if v.IsNegative then -infinity else infinity)

                            jet.Errors[0] <-
                                (if v.Log2 < Math.Log2 p.Largest + 1e-3 then
                                     infinity
                                 else
                                     0.0)

                            jet.Sizes[0] <- infinity
                        else
                            jet.Errors[0] <- infinity
                    else
                        jet.Sizes[0] <- size

                        if
                            not (isCorrectlyRounded && jet.Errors[0] = 0.0 && v.IsExactly(p.Bits, p.Least))
                        then
                            jet.Errors[0] <- jet.Errors[0] + factor * p.Unit * size + p.Tiny

                        if jet.Errors[0] > 0.0 && size + jet.Errors[0] > p.Largest then
                            jet.Errors[0] <- infinity
                else
                    jet.Sizes[0] <- abs v.Hi
            elif jet.Sizes[k] <> 0.0 then
                if v.IsFinite then
                    if jet.Sizes[k] > p.Largest then
                        jet.Errors[k] <- infinity
                    else
                        jet.Errors[k] <- jet.Errors[k] + factor * p.Unit * jet.Sizes[k] + p.Tiny

        jet

    /// A zero whose sign is not known: sums may begin with one, and what adds nothing may be left out.
    let private orUnsigned (p: Precision) (parts: Jet[]) (jet: Jet) =
        let isZero (x: Jet) = x.Values[0].IsZero && x.Errors[0] = 0.0
        let isMinus (x: Jet) = Double.IsNegative x.Values[0].Hi

        if isZero jet && Array.forall isZero parts && Array.exists isMinus parts then
            {
                jet with
                    Errors = Array.mapi (fun k e -> if k = 0 then p.Tiny else e) jet.Errors
            }
        else
            jet

    let private combine (p: Precision) signOfSecond (a: Jet) (b: Jet) =
        let sum k =
            if signOfSecond > 0.0 then
                a.Values[k] + b.Values[k]
            else
                a.Values[k] - b.Values[k]

        orUnsigned p [|
            a
            (if signOfSecond > 0.0 then
                 b
             else
                 {
                     b with
                         Values = Array.map (~-) b.Values
                 })
        |]
        <| rounded p 1.0 true {
            Values = Array.init a.Values.Length sum
            Sizes = Array.map2 (+) a.Sizes b.Sizes
            Errors = Array.map2 (+) a.Errors b.Errors
            Reach = max a.Reach b.Reach
            Depends = a.Depends || b.Depends
        }

    let add p a b = combine p 1.0 a b
    let subtract p a b = combine p -1.0 a b

    let negate (a: Jet) = {
        a with
            Values = Array.map (~-) a.Values
    }

    /// Σ over disjoint sets whose union is S, of the products of what f and g give.
    let inline private convolve k ([<InlineIfLambda>] visit: int -> int -> unit) =
        let mutable part = k
        let mutable go = true

        while go do
            visit part (k ^^^ part)

            if part = 0 then go <- false else part <- (part - 1) &&& k

    let private reachOf (v: Wide) =
        if v.IsZero || not v.IsFinite then 0.0 else abs v.Log2

    let private product (a: Jet) (b: Jet) =
        let count = a.Values.Length
        let values = Array.create count Wide.Zero
        let sizes = Array.zeroCreate<float> count
        let errors = Array.zeroCreate<float> count

        for k in 0 .. count - 1 do
            convolve k (fun i j ->
                // What does not move takes no part; but along a path to the argument one mode may see 0 · ∞.
                if i <> 0 && a.Sizes[i] = 0.0 then
                    if a.Depends && not b.Values[j].IsFinite || a.Errors[i] > 0.0 then
                        errors[k] <- infinity
                elif j <> 0 && b.Sizes[j] = 0.0 then
                    if b.Depends && not a.Values[i].IsFinite || b.Errors[j] > 0.0 then
                        errors[k] <- infinity
                else
                    let term = a.Values[i] * b.Values[j]
                    values[k] <- if k = 0 then term else values[k] + term
                    let sa, sb = a.Sizes[i], b.Sizes[j]
                    sizes[k] <- sizes[k] + sa * sb
                    let ea, eb = a.Errors[i], b.Errors[j]
                    errors[k] <- errors[k] + times sb ea + times sa eb + times ea eb)

        {
            Values = values
            Sizes = sizes
            Errors = errors
            Reach = max (a.Reach + reachOf b.Values[0]) (b.Reach + reachOf a.Values[0])
            Depends = a.Depends || b.Depends
        }

    let multiply p a b = rounded p 2.0 true (product a b)

    /// A function of a NaN: NaN, with NaN for the derivatives along what moves it. Where its argument rests one mode sees
    /// 0 · NaN and another nothing.
    let private ofNaN (x: Jet) =
        let isOpen = Double.IsInfinity x.Errors[0]

        let moves k =
            x.Sizes[k] <> 0.0
            || Seq.forall (fun bit -> k &&& bit = 0 || x.Sizes[bit] <> 0.0) [ 1; 2; 4 ]

        {
            x with
                Values =
                    x.Values
                    |> Array.mapi (fun k v -> if k = 0 || x.Depends && moves k then Wide.Of nan else v)
                Sizes =
                    x.Sizes
                    |> Array.mapi (fun k _ -> if k = 0 || x.Depends && moves k then nan else 0.0)
                Errors =
                    x.Errors
                    |> Array.mapi (fun k e ->
                        if isOpen || Double.IsInfinity e || k > 0 && not (moves k) then
                            infinity
                        else
                            0.0)
        }

    /// <summary>A function of one number.</summary>
    /// <param name="p">The number type.</param>
    /// <param name="radius">About how far from the point its behaviour is the same: to the next singular point, or 1.</param>
    /// <param name="series">Its power series at the point.</param>
    /// <param name="x">The point, moving.</param>
    let apply (p: Precision) (radius: Wide -> float) (series: Wide -> Wide[]) (x: Jet) =
        if x.Values[0].IsNaN then
            ofNaN x
        else

            let count = x.Values.Length
            let c: Wide[] = series x.Values[0]
            let size k = abs c[k].Value
            let near = x.Errors[0]
            // A function's own roundings are as those of an argument changed in its last place.
            let slack = max near (p.Unit * x.Sizes[0])
            let values = Array.create count Wide.Zero
            let sizes = Array.zeroCreate<float> count
            let errors = Array.zeroCreate<float> count
            values[0] <- c[0]

            if near > 0.0 then
                errors[0] <- times (size 1) near + times (size 2) (near * near)

            if x.Depends then
                let n = {
                    x with
                        Values = Array.mapi (fun k v -> if k = 0 then Wide.Zero else v) x.Values
                        Sizes = Array.mapi (fun k v -> if k = 0 then 0.0 else v) x.Sizes
                        Errors = Array.mapi (fun k v -> if k = 0 then 0.0 else v) x.Errors
                }

                let add (power: Jet) order =
                    let f, slope = size order, float (order + 1) * size (order + 1)
                    let bend = float ((order + 1) * (order + 2)) * 0.5 * size (order + 2)
                    let error = times slope slack + times bend (slack * slack)

                    for k in 1 .. count - 1 do
                        if power.Sizes[k] <> 0.0 then
                            if c[order].IsZero then
                                if not power.Values[k].IsFinite then
                                    errors[k] <- infinity
                            else
                                values[k] <- values[k] + c[order] * power.Values[k]
                                sizes[k] <- sizes[k] + f * power.Sizes[k]

                            errors[k] <-
                                errors[k]
                                + times f power.Errors[k]
                                + times error power.Sizes[k]
                                + times p.Tiny power.Sizes[k]

                            // A coefficient that the number type cannot hold.
                            if c[order].IsFinite && f > p.Largest then
                                errors[k] <- infinity
                        elif
                            power.Errors[k] > 0.0
                            || x.Depends
                               && not c[order].IsFinite
                               && order <= Numerics.BitOperations.PopCount(uint k)
                        then
                            // Zero tangents meet a pole: one mode sees 0 · ∞, another nothing.
                            errors[k] <- infinity

                add n 1

                if count > 2 then
                    let square = product n n
                    add square 2

                    if count > 4 then
                        add (product square n) 3

            let reach =
                x.Reach
                + Seq.max (
                    seq {
                        for k in 1 .. max 1 (Numerics.BitOperations.Log2(uint count)) ->
                            if c[k].IsZero || not c[k].IsFinite then
                                0.0
                            else
                                abs c[k].Log2
                    }
                )

            let result =
                rounded p roundings false {
                    Values = values
                    Sizes = Array.mapi (fun k s -> if k = 0 then size 0 else s) sizes
                    Errors = errors
                    Reach = reach
                    Depends = x.Depends
                }

            if near > 0.0 && not (near < 0.1 * radius x.Values[0]) then
                withOpenValue result
            elif
                x.Values[0].IsZero
                && not c[1].IsFinite
                && (near > 0.0 || Double.IsNegative x.Values[0].Hi)
            then
                // The sign of the zero decides that of the infinity.
                withOpenDerivatives result
            elif Double.IsInfinity x.Values[0].Hi then
                // Slopes have a limit there; of curvatures nothing is promised.
                {
                    result with
                        Errors =
                            result.Errors
                            |> Array.mapi (fun k e ->
                                if Numerics.BitOperations.PopCount(uint k) > 1 then
                                    infinity
                                else
                                    e)
                }
            else
                result

    /// NaN along with its first derivatives, for a function that has a kink somewhere. Of curvatures nothing is promised.
    let notANumber (x: Jet) =
        let found = ofNaN x

        {
            found with
                Errors =
                    found.Errors
                    |> Array.mapi (fun k e ->
                        if Numerics.BitOperations.PopCount(uint k) > 1 then
                            infinity
                        else
                            e)
        }

    /// Something that a comparison decides: −1, 0, 1, or 2 where rounding may decide it either way.
    let order (a: Jet) (b: Jet) =
        let x, y = a.Values[0], b.Values[0]

        if x.IsNaN || y.IsNaN then
            if Double.IsInfinity a.Errors[0] || Double.IsInfinity b.Errors[0] then
                2
            else
                3
        else
            let apart =
                if x.IsFinite && y.IsFinite then
                    abs (x - y).Value
                else
                    (if x.Hi = y.Hi then 0.0 else infinity)

            let error = a.Errors[0] + b.Errors[0]

            if Double.IsInfinity error || error > 0.0 && apart <= 2.0 * error then
                2
            elif Wide.Less(x, y) then
                -1
            elif Wide.Less(y, x) then
                1
            else
                0

    let sum (p: Precision) (terms: Jet[]) =
        match terms with
        | [||] -> invalidArg "terms" "none"
        | [| one |] -> orUnsigned p terms one
        | _ ->
            let total = Array.reduce (add p) terms
            // In any order: relative to the terms, not to what is left of them.
            let size = terms |> Array.sumBy (fun t -> abs t.Sizes[0])

            let allExact =
                terms |> Array.forall (fun t -> t.Errors[0] = 0.0)
                && total.Errors[0] = 0.0
                && terms
                   |> Array.forall (fun t -> Math.Floor t.Sizes[0] = t.Sizes[0] && t.Sizes[0] < 1e5)

            {
                total with
                    Errors =
                        total.Errors
                        |> Array.mapi (fun k e ->
                            if k = 0 && allExact then
                                e
                            else
                                let size = if k = 0 then size else total.Sizes[k]
                                let more = float terms.Length * p.Unit * size

                                if size = 0.0 then e
                                elif Double.IsNaN more || size > p.Largest then infinity
                                else e + more)
            }
