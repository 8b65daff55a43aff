/// Runs scripts as a user does: `dotnet fsi` in a child process.
module Games.Tests.Script

open System
open System.Diagnostics
open System.IO

let root =
    let rec up (folder: DirectoryInfo) =
        if isNull folder then
            failwith "No folder above the tests holds Stackelberg.Dsl.sln."
        elif File.Exists(Path.Combine(folder.FullName, "Stackelberg.Dsl.sln")) then
            folder.FullName
        else
            up folder.Parent

    up (DirectoryInfo AppContext.BaseDirectory)

/// What a script printed, and its exit code.
type Ending = {
    ExitCode: int
    Output: string
    Errors: string
}

let run (path: string) =
    let info =
        ProcessStartInfo(
            "dotnet",
            [ "fsi"; path ],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath()
        )

    use child = Process.Start info
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()

    {
        ExitCode = child.ExitCode
        Output = output
        Errors = errors.Result
    }

/// A script that is not a file of the repository.
let runText (text: string) =
    let prelude = Path.Combine(root, "games", "Prelude.fsx")
    let path = Path.Combine(Path.GetTempPath(), $"script-{Guid.NewGuid():N}.fsx")
    File.WriteAllText(path, text.Replace("\"Prelude.fsx\"", $"@\"{prelude}\""))

    try
        run path
    finally
        File.Delete path
