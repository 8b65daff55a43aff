namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// One op of a composition: what the engine is told, and what it means.
[<ReferenceEquality>]
type Operation = {
    Text: string
    Engine: Tensor[] -> Tensor
    Reference: Precision -> Many[] -> Many
}

/// What an op may take while it is drawn.
type Draw = {
    Random: Random
    Precision: Precision
    Pool: ResizeArray<Many>
} with

    member d.Next(count: int) = d.Random.Next count

    member d.OneOf(choices: 'a[]) = choices[d.Random.Next choices.Length]

    /// An index of the pool, the later ones more often; −1 if none will do.
    member d.Pick(fits: Many -> bool) =
        let found = [|
            for i in 0 .. d.Pool.Count - 1 do
                if fits d.Pool[i] then
                    i
        |]

        if found.Length = 0 then
            -1
        elif d.Next 3 > 0 then
            found[max (found.Length - 1 - d.Next(min found.Length 3)) 0]
        else
            found[d.Next found.Length]

/// A drawn op and its arguments in the pool.
type Drawn = (struct (Operation * int[])) voption

module Operation =

    let op text engine reference : Operation = {
        Text = text
        Engine = engine
        Reference = reference
    }

    let one text (engine: Tensor -> Tensor) (reference: Precision -> Many -> Many) =
        op text (fun t -> engine t[0]) (fun p t -> reference p t[0])

    let two text (engine: Tensor -> Tensor -> Tensor) (reference: Precision -> Many -> Many -> Many) =
        op text (fun t -> engine t[0] t[1]) (fun p t -> reference p t[0] t[1])

    /// Entry by entry.
    let each text engine (entry: Precision -> Jet -> Jet) =
        one text engine (fun p -> Many.map (entry p))

    /// Entry by entry of two, which broadcast.
    let pair text engine (entry: Precision -> Jet -> Jet -> Jet) =
        two text engine (fun p -> Many.map2 (entry p))

    let show (value: float) =
        value.ToString("R", Globalization.CultureInfo.InvariantCulture)

    let number (like: Tensor) (value: float) =
        Tensor.cast like.DType (Tensor.scalar value)

    let count (t: Many) = t.Entries.Length

/// The ops that work entry by entry.
module ElementwiseOps =

    let private softSign =
        CustomOp.elementwise "softSign" (fun x -> x / (1.0 + x * x)) (fun x ->
            let r = 1.0 + x * x
            (1.0 - x * x) / (r * r))

    let private waves =
        CustomOp.elementwise2 "waves" (fun a b -> a * sin b) (fun a b -> sin b, a * cos b)

    let private times p = Jet.multiply p

    /// A custom op's value is computed in float64, whatever the number type.
    let private rational p (x: Jet) =
        let by p =
            Entry.divide p x (Jet.add p (Jet.constant p 1.0) (times p x x))

        Jet.withValueOf
            (Entry.scaled
                p
                1.0
                (by {
                    Precision.Double with
                        Coefficients = p.Coefficients
                }))
            (by p)

    let private wave p a b =
        let by p = times p a (Entry.sin p b)

        Jet.withValueOf
            (Entry.scaled
                p
                1.0
                (by {
                    Precision.Double with
                        Coefficients = p.Coefficients
                }))
            (by p)

    let unary: (Random -> Operation)[] =
        let always op = fun (_: Random) -> op

        [|
            always (Operation.each "-" (~-) (fun _ -> Jet.negate))
            always (Operation.each "exp" exp Entry.exp)
            always (Operation.each "log" log Entry.log)
            always (Operation.each "log10" log10 Entry.log10)
            always (Operation.each "sqrt" sqrt Entry.sqrt)
            always (Operation.each "abs" abs Entry.abs)
            always (Operation.each "sin" sin Entry.sin)
            always (Operation.each "cos" cos Entry.cos)
            always (Operation.each "tan" tan Entry.tan)
            always (Operation.each "sinh" sinh Entry.sinh)
            always (Operation.each "cosh" cosh Entry.cosh)
            always (Operation.each "tanh" tanh Entry.tanh)
            always (Operation.each "asin" asin Entry.asin)
            always (Operation.each "acos" acos Entry.acos)
            always (Operation.each "atan" atan Entry.atan)
            always (Operation.each "expm1" Tensor.expm1 Entry.expm1)
            always (Operation.each "log1p" Tensor.log1p Entry.log1p)
            always (Operation.each "sigmoid" Tensor.sigmoid Entry.sigmoid)
            always (Operation.each "softplus" Tensor.softplus Entry.softplus)
            always (Operation.each "relu" Tensor.relu Entry.relu)
            always (Operation.each "sign" Tensor.sign (fun _ -> Entry.sign))
            always (Operation.each "floor" floor (fun _ -> Entry.floor))
            always (Operation.each "ceil" ceil (fun _ -> Entry.ceiling))
            always (Operation.each "round" round (fun _ -> Entry.round))
            always (Operation.each "leakyRelu 0.25" (Layer.leakyRelu 0.25) (fun p -> Entry.leakyRelu p 0.25))
            always (Operation.each "stopGradient" Tensor.stopGradient (fun _ -> Jet.still))
            always (Operation.each "softSign" softSign rational)
            always (Operation.each "square" (fun x -> x * x) (fun p x -> times p x x))
            always (
                Operation.each "named" (Diff.named "part" (fun x -> x * 0.5)) (fun p -> Entry.scaled p 0.5)
            )
            (fun random ->
                let exponent =
                    [| -2.0; -1.0; -0.5; 0.0; 0.5; 1.0; 1.5; 2.0; 3.0; 4.0 |][random.Next 10]

                Operation.each $"** {Operation.show exponent}" (fun x -> x ** exponent) (fun p ->
                    Entry.power p exponent))
            (fun random ->
                let number = [| 0.5; 2.0; 2.5 |][random.Next 3]

                Operation.each $"pow {Operation.show number}" (Tensor.pow number) (fun p ->
                    Entry.powerOf p number))
            (fun random ->
                let factor = [| -3.0; -1.0; 0.0; 0.1; 0.5; 1.0; 2.0 |][random.Next 7]

                Operation.each $"*{Operation.show factor}" (fun x -> x * factor) (fun p ->
                    Entry.scaled p factor))
            (fun random ->
                let shift = [| -1.0; 0.0; 0.1; 1.0; 2.0 |][random.Next 5]

                Operation.each $"{Operation.show shift}+" (fun x -> shift + x) (fun p x ->
                    Jet.add p (Jet.constant p shift) x))
            (fun random ->
                let number = [| -1.0; 1.0; 2.0; 3.0 |][random.Next 4]

                Operation.each $"{Operation.show number}/" (fun x -> number / x) (fun p x ->
                    Entry.divide p (Jet.constant p number) x))
        |]

    let binary: Operation[] = [|
        Operation.pair "+" (+) Jet.add
        Operation.pair "-" (-) Jet.subtract
        Operation.pair "*" (*) Jet.multiply
        Operation.pair "/" (/) Entry.divide
        Operation.pair "*" (*) Jet.multiply
        Operation.pair "+" (+) Jet.add
        Operation.pair "maximum" Tensor.maximum Entry.maximum
        Operation.pair "minimum" Tensor.minimum Entry.minimum
        Operation.pair "atan2" (fun a b -> atan2 a b) Entry.atan2
        Operation.pair "**" (fun a b -> a ** b) Entry.powerOfTwo
        Operation.pair "waves" waves wave
        Operation.pair "less" Tensor.less (fun p -> Entry.compare p ((=) -1))
        Operation.pair "lessEqual" Tensor.lessEqual (fun p -> Entry.compare p (fun o -> o = -1 || o = 0))
        Operation.pair "greater" Tensor.greater (fun p -> Entry.compare p ((=) 1))
        Operation.pair "greaterEqual" Tensor.greaterEqual (fun p -> Entry.compare p (fun o -> o = 1 || o = 0))
        Operation.pair "equal" Tensor.equal (fun p -> Entry.compare p ((=) 0))
        Operation.pair "notEqual" Tensor.notEqual (fun p -> Entry.compare p ((<>) 0))
    |]

    let private where =
        Operation.op "where" (fun t -> Tensor.where t[0] t[1] t[2]) (fun _ t ->
            Many.map3 Entry.where t[0] t[1] t[2])

    /// where (a < b) f(a) g(b), the choice that users guard poles with.
    let private guarded (inner: Operation) =
        Operation.op
            $"guarded {inner.Text}"
            (fun t ->
                Tensor.where (Tensor.greater t[0] (Operation.number t[0] 0.0)) (inner.Engine [| t[0] |]) t[1])
            (fun p t ->
                let zero = Jet.constant p 0.0

                Many.map3
                    Entry.where
                    (Many.map (fun x -> Entry.compare p ((=) 1) x zero) t[0])
                    (inner.Reference p [| t[0] |])
                    t[1])

    let drawUnary (d: Draw) : Drawn =
        let a = d.Pick(fun _ -> true)
        ValueSome(struct ((d.OneOf unary) d.Random, [| a |]))

    let private fitting (d: Draw) (shape: int[]) =
        d.Pick(fun t -> Many.fits shape t.Shape && Many.count (Many.broadcastShape shape t.Shape) <= 24)

    let drawBinary (d: Draw) : Drawn =
        let a = d.Pick(fun _ -> true)
        let b = fitting d d.Pool[a].Shape

        if b < 0 then
            ValueNone
        elif d.Next 10 = 0 then
            ValueSome(struct (guarded ((d.OneOf unary) d.Random), [| a; b |]))
        else
            ValueSome(struct (d.OneOf binary, [| a; b |]))

    let drawWhere (d: Draw) : Drawn =
        let a = d.Pick(fun _ -> true)
        let b = fitting d d.Pool[a].Shape

        if b < 0 then
            ValueNone
        else
            let c = fitting d (Many.broadcastShape d.Pool[a].Shape d.Pool[b].Shape)

            if c < 0 then
                ValueNone
            else
                ValueSome(struct (where, [| c; a; b |]))
