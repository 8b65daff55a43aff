namespace Stackelberg.Autodiff.Tests.Fuzz

/// Makes a failing composition as small as it goes while it still fails.
module Shrink =

    let private valueOf (c: Composition) node =
        let p = { c.Precision with Coefficients = 1 }

        Composition.reference {
            c with
                Precision = p
                Directions = [||]
                Output = node
        }

    let private withNode (c: Composition) i node = {
        c with
            Nodes = Array.updateAt i node c.Nodes
    }

    let private shapeOf (c: Composition) i =
        match c.Nodes[i] with
        | Argument -> c.Shape
        | Data(shape, _) -> shape
        | Apply _ -> (valueOf c i).Shape

    let private withPoint (c: Composition) i value = {
        c with
            Point = Array.updateAt i value c.Point
    }

    /// Simpler compositions, the simplest first.
    let private simpler (c: Composition) : Composition seq =
        seq {
            let needed = Composition.needed c

            for i in needed do
                if i <> c.Output then
                    { c with Output = i }

            for order in 1 .. c.Directions.Length - 1 do
                {
                    c with
                        Directions = Array.truncate order c.Directions
                        Precision = {
                            c.Precision with
                                Coefficients = 1 <<< order
                        }
                }

            for i in Array.rev needed do
                match c.Nodes[i] with
                | Apply(_, args) ->
                    let shape = shapeOf c i

                    for arg in args do
                        if shapeOf c arg = shape then
                            // The argument takes the op's place.
                            let redirect node =
                                match node with
                                | Apply(op, args) ->
                                    Apply(op, args |> Array.map (fun k -> if k = i then arg else k))
                                | other -> other

                            {
                                c with
                                    Nodes = Array.map redirect c.Nodes
                                    Output = if c.Output = i then arg else c.Output
                            }

                    let values =
                        (valueOf c i).Entries
                        |> Array.map (fun e -> c.Precision.Round(e.Values[0].Value))

                    withNode c i (Data(shape, values))
                | Data(shape, values) ->
                    for simple in [ 0.0; 1.0 ] do
                        if Array.exists (fun v -> v <> simple && v <> 0.0) values then
                            withNode c i (Data(shape, Array.create values.Length simple))
                | Argument -> ()

            for i in 0 .. c.Point.Length - 1 do
                for simple in [ 0.0; 1.0; 2.0 ] do
                    let isSimple = c.Point[i] = 0.0 || c.Point[i] = 1.0 || c.Point[i] = 2.0

                    if not isSimple then
                        withPoint c i simple
        }

    /// At most so many tries.
    let private tries = 400

    /// The smallest composition on the way for which the property holds still.
    let smallest (fails: Composition -> bool) (c: Composition) : Composition =
        let mutable left = tries
        let mutable best = c
        let mutable go = true

        while go do
            let next =
                simpler best
                |> Seq.takeWhile (fun _ ->
                    left <- left - 1
                    left > 0)
                |> Seq.tryFind fails

            match next with
            | Some smaller -> best <- smaller
            | None -> go <- false

        best
