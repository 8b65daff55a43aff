namespace Stackelberg.Benchmarks

open BenchmarkDotNet.Attributes
open Stackelberg
open Stackelberg.Kernels

/// A program of one op on normal numbers, the same every time.
module OneOp =

    let run dtype (shapes: int[] list) f =
        let inputs = [| for shape in shapes -> dtype, shape |]

        let program =
            Program.compile inputs (Array.create inputs.Length false) (fun i -> [| f i |])

        let run = program.CreateRun()
        let random = Philox(1UL, 0UL)

        for i in 0 .. inputs.Length - 1 do
            let array = run.Array i
            let drawn: float[] = Array.zeroCreate array.Length
            random.FillNormal(drawn, 0, drawn.Length)

            match array with
            | :? (float32[]) as singles -> drawn |> Array.iteri (fun k value -> singles[k] <- float32 value)
            | _ -> drawn.CopyTo(array, 0)

        run

type ProductBenchmarks() =
    let mutable run = Unchecked.defaultof<ProgramRun>

    [<Params("512x512x512", "1024x1024x1024", "256x32x32", "256x32x2", "256x1x32", "32x256x32")>]
    member val Shape = "" with get, set

    [<Params(DType.Float32, DType.Float64)>]
    member val Type = DType.Float32 with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let extents = this.Shape.Split('x') |> Array.map int

        run <-
            OneOp.run this.Type [ [| extents[0]; extents[1] |]; [| extents[1]; extents[2] |] ] (fun i ->
                Tensor.matmul i[0] i[1])

    [<Benchmark>]
    member _.Product() = run.Execute()

type ElementwiseBenchmarks() =
    let mutable run = Unchecked.defaultof<ProgramRun>

    static let functions =
        dict [
            "tanh", tanh
            "exp", exp
            "log", log
            "sin", sin
            "sigmoid", Tensor.sigmoid
            "square", (fun t -> t * t)
        ]

    [<Params("tanh", "exp", "log", "sin", "sigmoid", "square")>]
    member val Function = "" with get, set

    [<Params(DType.Float32, DType.Float64)>]
    member val Type = DType.Float32 with get, set

    [<GlobalSetup>]
    member this.Setup() =
        run <- OneOp.run this.Type [ [| 8192 |] ] (fun i -> functions[this.Function] i[0])

    [<Benchmark>]
    member _.Elements8192() = run.Execute()

type ReductionBenchmarks() =
    let mutable run = Unchecked.defaultof<ProgramRun>

    [<Params("all", "rows", "columns")>]
    member val Over = "" with get, set

    [<Params(DType.Float32, DType.Float64)>]
    member val Type = DType.Float32 with get, set

    [<GlobalSetup>]
    member this.Setup() =
        run <-
            OneOp.run this.Type [ [| 256; 32 |] ] (fun i ->
                match this.Over with
                | "all" -> Tensor.sum i[0]
                | "rows" -> Tensor.sumAxis 1 i[0]
                | _ -> Tensor.sumAxis 0 i[0])

    [<Benchmark>]
    member _.Sum256x32() = run.Execute()

type SolveBenchmarks() =
    let mutable run = Unchecked.defaultof<ProgramRun>

    [<Params(3, 9, 25, 50, 200)>]
    member val Size = 0 with get, set

    [<GlobalSetup>]
    member this.Setup() =
        run <-
            OneOp.run DType.Float64 [ [| this.Size; this.Size |]; [| this.Size |] ] (fun i ->
                Tensor.solve i[0] i[1])

    [<Benchmark>]
    member _.Solve() = run.Execute()

type RandomBenchmarks() =
    let random = Philox(1UL, 0UL)
    let drawn: float[] = Array.zeroCreate 4096

    [<Benchmark>]
    member _.Normals4096() =
        random.FillNormal(drawn, 0, drawn.Length)

    [<Benchmark>]
    member _.Uniforms4096() =
        random.FillUniform(drawn, 0, drawn.Length)
