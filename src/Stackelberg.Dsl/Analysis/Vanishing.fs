namespace Stackelberg

open System

/// What a zero of the field is, in an entry that is exactly zero with its whole row of the Jacobian.
[<RequireQualifiedAccess>]
type internal Vanishing =
    /// A flat cost: every point of it is critical.
    | Flat
    /// Lost to rounding.
    | Lost
    /// The middle of a jump, at a kink of the owner's cost.
    | Jump of entry: int

/// Fields that are zero only because their numbers are too small to be held: e^(−x) beyond 745 is 0, and no critical
/// point. A flat cost is zero as well, and every point of it is critical.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Vanishing =

    /// How far along an entry the field is looked at, relative to the point's size: ratios of distances, and how many.
    let private first, ratio, count = 0.18, 1.2, 100

    /// The least distance from the origin that is looked at.
    let private leastDistance = 1e-3

    let private halvings = 80

    /// A field that begins with a step this small, as a share of its greatest value on the line, and no slope behind it
    /// has been rounded to zero.
    let private lostBelow = 1e-10

    /// How near to a point, relative to its size, and from what share of its greatest value on the line on, a field jumps.
    let private beside, jumping = 1e-9, 1e-3

    /// At most so many entries are looked at.
    let private looked = 32

    let private kind (evaluate: float[] -> float[]) (lower: float, upper: float) (x: float[]) entry =
        let at (value: float) =
            let moved = Array.copy x
            moved[entry] <- value
            let there = (evaluate moved)[entry]
            // What is no number is no zero.
            if Double.IsNaN there then infinity else there

        let size = max 1.0 (abs x[entry])

        // Around the point, and around the origin, where costs usually have their features.
        let line = [|
            for k in 0 .. count - 1 do
                for value in
                    [
                        for sign in [ -1.0; 1.0 ] do
                            x[entry] + sign * first * size * ratio ** float k
                            sign * leastDistance * ratio ** float k
                    ] do
                    if value >= lower && value <= upper then
                        struct (value, abs (at value))
        |]

        let greatest = line |> Array.fold (fun most (struct (_, size)) -> max most size) 0.0

        /// Whether the field begins with a step between here, where it is zero, and a place where it is not.
        let beginsWithStep elsewhere =
            let zero, other =
                Seq.fold
                    (fun (zero, other) _ ->
                        let middle = 0.5 * (zero + other)
                        if at middle = 0.0 then middle, other else zero, middle)
                    (x[entry], elsewhere)
                    (seq { 1..halvings })

            let step = abs (at other)
            let further = 1e-6 * max 1e-6 (abs other)
            let behind = abs (at (other + float (sign (elsewhere - zero)) * further))
            step <= lostBelow * greatest && step >= 0.1 * behind

        let low, high = at (x[entry] - beside * size), at (x[entry] + beside * size)

        if low * high < 0.0 && min (abs low) (abs high) > jumping * greatest then
            Vanishing.Jump entry
        else
            match line |> Array.tryFind (fun (struct (_, size)) -> size > 0.0) with
            | Some(struct (elsewhere, _)) when beginsWithStep elsewhere -> Vanishing.Lost
            | _ -> Vanishing.Flat

    /// What a field's zero at x is: what is true of its first entry that is not flat.
    let at (program: FieldProgram) (x: float[]) (g: float[]) (jacobian: float[,]) =
        let field = FieldRun program
        let struct (lower, upper) = BoxStep.bounds program.Game

        let evaluate x =
            let there = Array.zeroCreate program.Game.Dimension
            field.Evaluate(x, there)
            there

        let isEmpty entry =
            g[entry] = 0.0
            && Seq.forall (fun column -> jacobian[entry, column] = 0.0) (seq { 0 .. x.Length - 1 })

        seq { 0 .. x.Length - 1 }
        |> Seq.filter isEmpty
        |> Seq.truncate looked
        |> Seq.map (fun entry -> kind evaluate (lower[entry], upper[entry]) x entry)
        |> Seq.tryFind (fun found -> found <> Vanishing.Flat)
        |> Option.defaultValue Vanishing.Flat
