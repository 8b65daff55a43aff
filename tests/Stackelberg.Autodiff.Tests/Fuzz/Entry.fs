namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// Functions of one, two or more jets: the ops at one entry.
module Entry =

    let private entire (_: Wide) = 1.0
    let private toZero (x: Wide) = abs x.Value

    let private toOnes (x: Wide) =
        min (abs (x - 1.0).Value) (abs (x + 1.0).Value)

    let exp p = Jet.apply p entire Taylor.exp
    let expm1 p = Jet.apply p entire Taylor.expm1
    let log p = Jet.apply p toZero Taylor.log

    let log1p p =
        Jet.apply p (fun x -> abs (x + 1.0).Value) Taylor.log1p

    let sqrt p = Jet.apply p toZero Taylor.sqrt
    let sin p = Jet.apply p entire Taylor.sin
    let cos p = Jet.apply p entire Taylor.cos

    let tan p =
        Jet.apply p (fun x -> let struct (_, c) = WideMath.sinCos x in abs c.Value) Taylor.tan

    let sinh p = Jet.apply p entire Taylor.sinh
    let cosh p = Jet.apply p entire Taylor.cosh
    let tanh p = Jet.apply p entire Taylor.tanh
    let asin p = Jet.apply p toOnes Taylor.asin
    let acos p = Jet.apply p toOnes Taylor.acos

    let atan p =
        Jet.apply p (fun x -> max 1.0 (abs x.Value)) Taylor.atan

    let sigmoid p = Jet.apply p entire Taylor.sigmoid
    let softplus p = Jet.apply p entire Taylor.softplus

    let asinh p =
        Jet.apply p (fun x -> max 1.0 (abs x.Value)) Taylor.asinh

    let acosh p = Jet.apply p toOnes Taylor.acosh
    let atanh p = Jet.apply p toOnes Taylor.atanh
    let reciprocal p = Jet.apply p toZero Taylor.reciprocal

    /// To a constant power; to 0 it is 1 and to 1 the number itself, whatever that is.
    let power p exponent (x: Jet) =
        if exponent = 0.0 then
            Jet.constant p 1.0
        elif exponent = 1.0 then
            x
        elif exponent > 1.0 && Math.Floor exponent = exponent then
            Seq.fold (fun y _ -> Jet.multiply p y x) x (seq { 2 .. int exponent })
        else
            Jet.apply p toZero (Taylor.pow exponent) x

    /// A constant factor, exact but for one rounding.
    let scaled p (factor: float) (x: Jet) =
        Jet.multiply p (Jet.constant p factor) x

    let log10 p (x: Jet) =
        scaled
            p
            1.0
            (Jet.apply
                p
                toZero
                (fun x -> Taylor.log x |> Array.map (fun c -> c / WideMath.log (Wide.Of 10.0)))
                x)

    let powerOf p (number: float) (x: Jet) =
        let number = (p: Precision).Round number
        let ln = WideMath.log (Wide.Of number)

        Jet.apply
            p
            (fun _ -> 1.0 / max 1.0 (abs ln.Value))
            (fun x ->
                let y = WideMath.exp (x * ln)
                let mutable power = y

                Array.init Taylor.length (fun k ->
                    let c = power
                    power <- power * ln / float (k + 1)
                    c))
            x

    /// Flat pieces with jumps at the places where the distance is 0.
    let private steps (distance: float -> float) (value: float -> float) (x: Jet) =
        let v = x.Values[0].Value
        let y = value v

        let result = {
            Jet.still x with
                Values = Array.mapi (fun k _ -> if k = 0 then Wide.Of y else Wide.Zero) x.Values
                Sizes = Array.mapi (fun k _ -> if k = 0 then abs y else 0.0) x.Sizes
                Errors = Array.zeroCreate x.Errors.Length
                Depends = false
        }

        if
            x.Errors[0] > 0.0 && not (distance v > 2.0 * x.Errors[0])
            || Double.IsInfinity x.Errors[0]
        then
            Jet.withOpenValue result
        else
            result

    let sign x =
        // A zero keeps its sign.
        steps
            abs
            (fun v ->
                if Double.IsNaN v then nan
                elif v = 0.0 then v
                else float (Math.Sign v))
            x

    let private toWhole v = abs (v - Math.Round(v: float))
    let private isLarge v = abs v > 4e15

    let floor x =
        steps (fun v -> if isLarge v then 0.0 else toWhole v) Math.Floor x

    let ceiling x =
        steps (fun v -> if isLarge v then 0.0 else toWhole v) Math.Ceiling x

    let round x =
        steps (fun v -> if isLarge v then 0.0 else toWhole (v + 0.5)) Math.Round x

    /// One or the other: both are continuous there, so that the value is sure but for its rounding.
    let private undecided (a: Jet) (b: Jet) (value: Jet) =
        let error = max a.Errors[0] b.Errors[0]

        Jet.withOpenDerivatives {
            value with
                Errors = Array.mapi (fun k e -> if k = 0 then max e error else e) value.Errors
                Depends = a.Depends || b.Depends
        }

    let private notANumber p (a: Jet) (b: Jet) = Jet.notANumber (Jet.add p a b)

    /// The share of each at a tie.
    let private atTie p (shareOfFirst: float) (a: Jet) (b: Jet) =
        if shareOfFirst = 1.0 then
            {
                a with
                    Depends = a.Depends || b.Depends
            }
        else
            let still = Jet.still a
            let half = Jet.add p (scaled p shareOfFirst a) (scaled p (1.0 - shareOfFirst) b)

            {
                half with
                    Values = Array.mapi (fun k v -> if k = 0 then still.Values[0] else v) half.Values
                    Sizes = Array.mapi (fun k v -> if k = 0 then still.Sizes[0] else v) half.Sizes
                    Errors = Array.mapi (fun k v -> if k = 0 then still.Errors[0] else v) half.Errors
            }

    let choose p share isFirst (a: Jet) (b: Jet) =
        match Jet.order a b with
        | 2 -> undecided a b (if isFirst a b then a else b)
        | 3 -> notANumber p a b
        | 0 when
            a.Values[0].IsZero
            && Double.IsNegative a.Values[0].Hi <> Double.IsNegative b.Values[0].Hi
            ->
            // Either zero may come out.
            let tie = atTie p share a b

            {
                tie with
                    Errors = Array.mapi (fun k e -> if k = 0 then p.Tiny else e) tie.Errors
            }
        | 0 -> atTie p share a b
        | _ -> if isFirst a b then a else b

    /// At a tie the derivative is shared.
    let maximum p a b =
        choose p 0.5 (fun a b -> Wide.Less(b.Values[0], a.Values[0])) a b

    let minimum p a b =
        choose p 0.5 (fun a b -> Wide.Less(a.Values[0], b.Values[0])) a b

    let zero (p: Precision) = Jet.constant p 0.0

    /// Of derivative 0 at 0.
    let relu p x =
        choose p 1.0 (fun a b -> Wide.Less(b.Values[0], a.Values[0])) (zero p) x

    /// Of derivative 0 at 0.
    let abs p (x: Jet) =
        match Jet.order x (zero p) with
        | 0 -> Jet.withValueOf (zero p) (scaled p 0.0 x)
        | 2 -> undecided x (zero p) (if x.Values[0].IsNegative then Jet.negate x else x)
        | 3 -> Jet.notANumber x
        | -1 -> Jet.negate x
        | _ -> x

    let leakyRelu p slope x =
        match Jet.order x (zero p) with
        | 2 -> undecided x (zero p) x
        | 3 -> Jet.notANumber x
        | 1 -> x
        | _ -> scaled p slope x

    let compare p (holds: int -> bool) (a: Jet) (b: Jet) =
        let order = Jet.order a b
        let result = Jet.constant p (if order <> 2 && holds order then 1.0 else 0.0)
        if order = 2 then Jet.withOpenValue result else result

    let where (condition: Jet) (a: Jet) (b: Jet) =
        let c = condition.Values[0]

        if
            Double.IsInfinity condition.Errors[0]
            || condition.Errors[0] > 0.0 && not (Math.Abs c.Value > 2.0 * condition.Errors[0])
        then
            Jet.withOpenValue a
        elif c.IsZero then
            b
        else
            a

    let divide (p: Precision) (a: Jet) (b: Jet) =
        let result = Jet.multiply p a (reciprocal p b)
        let quotient = a.Values[0] / b.Values[0]
        let x, y = Wide.Abs(a.Values[0]).Value, Wide.Abs(b.Values[0]).Value
        let size = Wide.Abs(quotient).Value

        if
            quotient.IsFinite
            && size < p.Largest
            && (b.Errors[0] = 0.0 || b.Errors[0] < 0.1 * y)
            && not (b.Values[0].IsZero)
        then
            let error =
                (a.Errors[0] + (if b.Errors[0] = 0.0 then 0.0 else b.Errors[0] * size)) / y
                * 1.2

            ignore x

            let own =
                if quotient.IsExactly(p.Bits, p.Least) && error = 0.0 then
                    0.0
                else
                    2.0 * p.Unit * size + p.Tiny

            result.Values[0] <- quotient
            result.Sizes[0] <- size
            result.Errors[0] <- error + own

        result

    let atan2 (p: Precision) (y: Jet) (x: Jet) =
        let count = y.Values.Length
        let y0, x0 = Jet.still y, Jet.still x
        let dy, dx = Jet.subtract p y y0, Jet.subtract p x x0
        let radius = Jet.add p (Jet.multiply p x0 x0) (Jet.multiply p y0 y0)
        let r = radius.Values[0].Value
        let angle = WideMath.atan2 y.Values[0] x.Values[0]
        let sx, sy = x.Sizes[0], y.Sizes[0]

        let error =
            (if y.Errors[0] = 0.0 && x.Errors[0] = 0.0 then
                 0.0
             else
                 // The squares may overflow.
                 let h = max sx sy
                 2.0 * (sx / h * (y.Errors[0] / h) + sy / h * (x.Errors[0] / h)))

        let size = Wide.Abs(angle).Value

        let value = {
            Values = Array.init count (fun k -> if k = 0 then angle else Wide.Zero)
            Sizes = Array.init count (fun k -> if k = 0 then size else 0.0)
            Errors = Array.init count (fun k -> if k = 0 then error + 8.0 * p.Unit * size + p.Tiny else 0.0)
            Reach = 0.0
            Depends = false
        }

        let isClear = error < 0.1 && not (x.Values[0].IsNegative && sy <= 2.0 * y.Errors[0])

        let turn =
            divide
                p
                (Jet.subtract p (Jet.multiply p x0 dy) (Jet.multiply p y0 dx))
                (Jet.add p radius (Jet.add p (Jet.multiply p x0 dx) (Jet.multiply p y0 dy)))

        let turned =
            atan p {
                turn with
                    Errors = Array.mapi (fun k e -> if k = 0 then 0.0 else e) turn.Errors
            }

        let result = Jet.add p value turned

        let result = {
            result with
                Values = Array.mapi (fun k v -> if k = 0 then angle else v) result.Values
                Errors = Array.mapi (fun k v -> if k = 0 then value.Errors[0] else v) result.Errors
                Sizes = Array.mapi (fun k v -> if k = 0 then size else v) result.Sizes
                Depends = y.Depends || x.Depends
        }

        if not isClear then
            Jet.withOpenValue result
        elif not (r > 0.0 && Double.IsFinite r) then
            Jet.withOpenDerivatives result
        else
            result

    /// a to the power b, both of them jets.
    let powerOfTwo (p: Precision) (a: Jet) (b: Jet) =
        if
            Wide.Less(Wide.Zero, a.Values[0])
            && a.Values[0].IsFinite
            && b.Values[0].IsFinite
        then
            exp p (Jet.multiply p b (log p a))
        elif a.Errors[0] > 0.0 || b.Errors[0] > 0.0 then
            Jet.withOpenValue (Jet.add p a b)
        else
            let y = Math.Pow(a.Values[0].Value, b.Values[0].Value)
            let result = Jet.withOpenDerivatives { Jet.constant p y with Depends = true }

            if Double.IsFinite y then
                {
                    result with
                        Errors =
                            Array.mapi
                                (fun k e -> if k = 0 then p.Unit * 4.0 * Math.Abs y + p.Tiny else e)
                                result.Errors
                }
            else
                result

    let dot p (a: Jet[]) (b: Jet[]) =
        Jet.sum p (Array.map2 (Jet.multiply p) a b)
