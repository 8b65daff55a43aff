/// Steps that move or combine elements: Fill, Copy, Gather, ScatterAdd, Reduce, Sequence.
module Stackelberg.Kernels.Tests.MovingTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// All indices of an index space, in row-major order.
let rec private indices (extents: int list) : int list list =
    match extents with
    | [] -> [ [] ]
    | extent :: rest ->
        let inner = indices rest

        [
            for i in 0 .. extent - 1 do
                for index in inner -> i :: index
        ]

let private offset (strides: int[]) (index: int list) =
    index |> List.mapi (fun i at -> at * strides.[i]) |> List.sum

/// Strides of an array that holds the extents in a random order of axes, with gaps now and then; and its size.
let private scattered (random: Random) (extents: int[]) =
    let order = Array.init extents.Length id
    random.Shuffle order
    let strides = Array.zeroCreate extents.Length
    let mutable stride = if random.Next 3 = 0 then 2 else 1

    for axis in order do
        strides.[axis] <- stride
        stride <- stride * (extents.[axis] + (if random.Next 4 = 0 then 1 else 0))

    strides, stride + 1

let private extentsOf (random: Random) rank =
    Array.init rank (fun _ -> [| 1; 1; 2; 3; 5; 17; 0; 33; 4 |].[random.Next(if rank < 3 then 9 else 6)])

let private copies (seed: int) =
    let random = Random seed
    let extents = extentsOf random (random.Next 5)
    let toStrides, toSize = scattered random extents
    let fromStrides, fromSize = scattered random extents

    let fromStrides =
        fromStrides |> Array.map (fun stride -> if random.Next 5 = 0 then 0 else stride)

    let from = noise random (fromSize + 1)

    let step =
        Steps.Copy(DType.Float64, extents, Place(0, 1), fromStrides, Place(1, 2), toStrides)

    let expected = Array.create (toSize + 2) 99.0

    for index in indices (List.ofArray extents) do
        expected.[2 + offset toStrides index] <- from.[1 + offset fromStrides index]

    (run DType.Float64 step [ from; Array.create (toSize + 2) 99.0 ]).[1] = expected

[<Fact>]
let ``a copy puts every element where its strides say`` () = forSeeds 1000 copies

[<Fact>]
let ``a transpose of any size is right and stays in its place`` () =
    let sizes = [ 1; 2; 7; 8; 9; 10; 11; 15; 16; 17; 18; 24; 25; 31; 33; 40; 50; 67 ]

    for dtype in types do
        for rows, columns in Seq.allPairs sizes sizes do
            let fromRow, toRow = columns + rows % 3, rows + columns % 2
            let from = Array.init (rows * fromRow) (fun i -> float i + 1.0)
            let into = Array.create (columns * toRow + 9) 0.5

            let step =
                Steps.Copy(dtype, [| columns; rows |], place 0, [| 1; fromRow |], place 1, [| toRow; 1 |])

            let expected = Array.copy into

            for i in 0 .. rows - 1 do
                for j in 0 .. columns - 1 do
                    expected[j * toRow + i] <- from[i * fromRow + j]

            Assert.Equal<float[]>(expected, (run dtype step [ from; into ]).[1])

let private reduces (seed: int) =
    let random = Random seed
    let kept = extentsOf random (random.Next 3)
    let reduced = extentsOf random (random.Next 3)
    let dtype = if random.Next 2 = 0 then DType.Float64 else DType.Float32
    let strides, size = scattered random (Array.append kept reduced)
    let keptStrides, reducedStrides = Array.splitAt kept.Length strides
    let from = noise random (size + 1) |> rounded dtype
    let reduction = [| Reduction.Sum; Reduction.Max; Reduction.Min |].[random.Next 3]
    let results = Array.fold (*) 1 kept

    let step =
        Steps.Reduce(dtype, reduction, kept, keptStrides, reduced, reducedStrides, Place(0, 1), Place(1, 1))

    let after = (run dtype step [ from; Array.create (results + 2) 99.0 ]).[1]
    let terms = indices (List.ofArray reduced)

    let right =
        indices (List.ofArray kept)
        |> List.mapi (fun i index ->
            let values =
                terms
                |> List.map (fun term -> from.[1 + offset keptStrides index + offset reducedStrides term])

            match reduction with
            | Reduction.Sum ->
                abs (List.sum values - after.[1 + i])
                <= epsilon dtype * float (values.Length + 1)
            | Reduction.Max -> List.fold max -infinity values = after.[1 + i]
            | _ -> List.fold min infinity values = after.[1 + i])
        |> List.forall id

    right && after.[0] = 99.0 && after.[results + 1] = 99.0

[<Fact>]
let ``a reduction agrees with a loop`` () = forSeeds 1000 reduces

[<Fact>]
let ``long sums and maxima are right at every length`` () =
    let random = Random 11

    for dtype in types do
        for count in [ 1..70 ] @ [ 255; 1000; 4097 ] do
            let from = noise random count |> rounded dtype

            let reduce reduction =
                let step =
                    Steps.Reduce(dtype, reduction, [||], [||], [| count |], [| 1 |], place 0, place 1)

                (run dtype step [ from; [| 0.0 |] ]).[1].[0]

            Assert.Equal(Array.sum from, reduce Reduction.Sum, epsilon dtype * float count)
            Assert.Equal(Array.max from, reduce Reduction.Max)
            Assert.Equal(Array.min from, reduce Reduction.Min)

[<Fact>]
let ``a NaN anywhere makes the largest and the smallest NaN`` () =
    for dtype in types do
        for count in [ 1; 2; 9; 40; 130 ] do
            for at in [ 0; count / 2; count - 1 ] do
                for columns in [ 1; 3; 40 ] do
                    let from = Array.create (count * columns) 0.5
                    from.[at * columns] <- nan

                    for reduction in [ Reduction.Max; Reduction.Min ] do
                        let step =
                            Steps.Reduce(
                                dtype,
                                reduction,
                                [| columns |],
                                [| 1 |],
                                [| count |],
                                [| columns |],
                                place 0,
                                place 1
                            )

                        let after = (run dtype step [ from; Array.zeroCreate columns ]).[1]
                        Assert.True(Double.IsNaN after.[0])
                        Assert.All(after.[1..], fun value -> Assert.Equal(0.5, value))

[<Fact>]
let ``a reduction of nothing is the neutral element`` () =
    let reduce reduction =
        let step =
            Steps.Reduce(DType.Float64, reduction, [| 2 |], [| 1 |], [| 0 |], [| 2 |], place 0, place 1)

        (run DType.Float64 step [ [||]; [| 7.0; 7.0 |] ]).[1]

    Assert.Equal<float[]>([| 0.0; 0.0 |], reduce Reduction.Sum)
    Assert.Equal<float[]>([| -infinity; -infinity |], reduce Reduction.Max)
    Assert.Equal<float[]>([| infinity; infinity |], reduce Reduction.Min)

let private gathers (seed: int) =
    let random = Random seed

    let outer, length, inner =
        random.Next 4, random.Next(1, 6), [| 0; 1; 2; 9; 20 |].[random.Next 5]

    let picks = Array.init (random.Next 8) (fun _ -> random.Next length)
    let from = noise random (outer * length * inner)

    let step =
        Steps.Gather(DType.Float64, outer, length, inner, picks, place 0, place 1)

    let after =
        (run DType.Float64 step [ from; Array.create (outer * picks.Length * inner + 1) 9.0 ]).[1]

    let gathered = [|
        for o in 0 .. outer - 1 do
            for j in picks do
                yield! Array.sub from ((o * length + j) * inner) inner
        9.0
    |]

    let back = noise random (outer * picks.Length * inner)

    let scatter =
        Steps.ScatterAdd(DType.Float64, outer, length, inner, picks, place 0, place 1)

    let sums =
        (run DType.Float64 scatter [ back; Array.create (outer * length * inner + 1) 9.0 ]).[1]

    let expected = Array.zeroCreate (outer * length * inner + 1)
    expected.[expected.Length - 1] <- 9.0

    for o in 0 .. outer - 1 do
        picks
        |> Array.iteri (fun j pick ->
            for i in 0 .. inner - 1 do
                let at = (o * length + pick) * inner + i
                expected.[at] <- expected.[at] + back.[(o * picks.Length + j) * inner + i])

    after = gathered && sums = expected

[<Fact>]
let ``gather picks and scatter-add puts back`` () = forSeeds 500 gathers

[<Fact>]
let ``fill writes its value and nothing else`` () =
    for dtype in types do
        for count in [ 0; 1; 5; 100 ] do
            let after =
                (run dtype (Steps.Fill(dtype, 0.1, Place(0, 2), count)) [ Array.zeroCreate (count + 4) ]).[0]

            let value = (rounded dtype [| 0.1 |]).[0]

            Assert.Equal<float[]>(
                Array.concat [ [| 0.0; 0.0 |]; Array.create count value; [| 0.0; 0.0 |] ],
                after
            )

[<Fact>]
let ``a sequence runs its steps in order with the largest scratch`` () =
    let add =
        Steps.Fused(
            DType.Float64,
            9,
            [| Load(place 0, false); Load(place 1, true) |],
            [| Instruction(ElementKernels.Add, 0, 1, -1, 2) |],
            [| Store(2, place 0) |]
        )

    let fill = Steps.Fill(DType.Float64, 3.0, place 0, 9)
    let sequence = Steps.Sequence(DType.Float64, [| fill; add; add |])
    Assert.Equal(add.Scratch, sequence.Scratch)

    Assert.Equal<float[]>(
        Array.create 9 7.0,
        (run DType.Float64 sequence [ Array.zeroCreate 9; [| 2.0 |] ]).[0]
    )

    Assert.Equal(0, Steps.Sequence(DType.Float32, [||]).Scratch)

[<Fact>]
let ``running allocates nothing`` () =
    let buffers = List.replicate 2 (Array.create 4000 1.0)

    for step in
        [
            Steps.Fill(DType.Float64, 1.0, place 0, 100)
            Steps.Copy(DType.Float64, [| 30; 20; 5 |], place 0, [| 1; 30; 0 |], place 1, [| 100; 5; 1 |])
            Steps.Reduce(
                DType.Float64,
                Reduction.Sum,
                [| 30 |],
                [| 1 |],
                [| 20 |],
                [| 30 |],
                place 0,
                place 1
            )
            Steps.Reduce(
                DType.Float64,
                Reduction.Max,
                [| 30 |],
                [| 20 |],
                [| 20 |],
                [| 1 |],
                place 0,
                place 1
            )
            Steps.Gather(DType.Float64, 2, 10, 3, [| 1; 2; 9 |], place 0, place 1)
            Steps.ScatterAdd(DType.Float64, 2, 10, 3, [| 1; 2; 9 |], place 0, place 1)
        ] do
        Assert.Equal(0L, allocated DType.Float64 step buffers)
        Assert.Equal(0L, allocated DType.Float64 (Steps.Sequence(DType.Float64, [| step; step |])) buffers)

[<Fact>]
let ``wrong arguments are refused by name and value`` () =
    let refused (action: unit -> Step) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    let t = DType.Float64
    Assert.Contains("count is -2", refused (fun () -> Steps.Fill(t, 0.0, place 0, -2)))
    Assert.Contains("type is 7", refused (fun () -> Steps.Fill(enum<DType> 7, 0.0, place 0, 2)))
    Assert.Contains("offset -3", refused (fun () -> Steps.Fill(t, 0.0, Place(0, -3), 2)))

    Assert.Contains(
        "fromStrides is [1]",
        refused (fun () -> Steps.Copy(t, [| 2; 3 |], place 0, [| 1 |], place 1, [| 3; 1 |]))
    )

    Assert.Contains(
        "to one place",
        refused (fun () -> Steps.Copy(t, [| 2; 3 |], place 0, [| 3; 1 |], place 1, [| 0; 1 |]))
    )

    Assert.Contains("[-1]", refused (fun () -> Steps.Copy(t, [| 2 |], place 0, [| -1 |], place 1, [| 1 |])))

    Assert.Contains(
        "kept is [-1]",
        refused (fun () -> Steps.Reduce(t, Reduction.Sum, [| -1 |], [| 1 |], [||], [||], place 0, place 1))
    )

    Assert.Contains(
        "reduction is 5",
        refused (fun () -> Steps.Reduce(t, enum<Reduction> 5, [||], [||], [||], [||], place 0, place 1))
    )

    Assert.Contains(
        "indices[1] is 4",
        refused (fun () -> Steps.Gather(t, 1, 4, 1, [| 0; 4 |], place 0, place 1))
    )

    Assert.Contains("length is -1", refused (fun () -> Steps.ScatterAdd(t, 1, -1, 1, [||], place 0, place 1)))

    Assert.Contains(
        "steps[0] is Float32",
        refused (fun () -> Steps.Sequence(t, [| Steps.Fill(DType.Float32, 0.0, place 0, 1) |]))
    )
