/// The public types and members of an assembly, as lines of text.
module PublicSurface

open System
open System.IO
open System.Reflection
open Xunit

let rec private show (t: Type) =
    if t.IsGenericParameter then
        t.Name
    elif t.IsArray then
        show (t.GetElementType()) + "[]"
    elif t.IsGenericType then
        let arguments = t.GetGenericArguments() |> Array.map show
        let name = t.Name.Split('`')[0]
        name + "<" + String.Join(", ", arguments) + ">"
    else
        t.Name

let private parameters (m: MethodBase) =
    let shown =
        m.GetParameters() |> Array.map (fun p -> $"{p.Name}: {show p.ParameterType}")

    "(" + String.Join(", ", shown) + ")"

/// One line for each public type and member, sorted.
let private surface (assembly: Assembly) = [
    let flags =
        BindingFlags.Public
        ||| BindingFlags.Instance
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    for t in assembly.GetExportedTypes() |> Array.sortBy (fun t -> t.FullName) do
        t.FullName

        yield!
            [
                for m in t.GetMembers flags do
                    match m with
                    | :? ConstructorInfo as m -> $"  new{parameters m}"
                    | :? MethodInfo as m when not m.IsSpecialName || m.Name.StartsWith "op_" ->
                        $"  {m.Name}{parameters m}: {show m.ReturnType}"
                    | :? PropertyInfo as p -> $"  {p.Name}: {show p.PropertyType}"
                    | :? FieldInfo as f -> $"  {f.Name}: {show f.FieldType}"
                    | _ -> ()
            ]
            |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))
]

/// Holds an assembly against the surface on record; UPDATE_PUBLIC_SURFACE records a new one.
let isOnRecord (assembly: Assembly) (file: string) =
    let found = surface assembly

    if not (isNull (Environment.GetEnvironmentVariable "UPDATE_PUBLIC_SURFACE")) then
        File.WriteAllText(file, String.Join("\n", found) + "\n")

    Assert.Equal<string>(List.ofArray (File.ReadAllLines file), found)
