using System.Reflection;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Interactive;
using Microsoft.FSharp.Core;

namespace Stackelberg;

/// <summary>A value that a script binds to a name outside of all modules and functions.</summary>
internal sealed record TopLevelValue<T>(string Name, T Value);

/// <summary>One run of a script in an F# Interactive session of its own.</summary>
internal static class ScriptRun
{
    // The console belongs to the process, so that scripts that are to be silent run one after the other.
    private static readonly Lock console = new();

    /// <summary>Runs a script, and returns the values of one type that it defines, in its order.</summary>
    public static TopLevelValue<T>[] TopLevelValues<T>(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new GameScriptException(path, null, "There is no such file.");
        }

        return
        [
            .. Properties(Run(path), path)
                .Where(property => IsOf<T>(property, path))
                .Select(property => new TopLevelValue<T>(property.Name, Value<T>(property, path))),
        ];
    }

    private static T Value<T>(PropertyInfo property, string path) =>
        property.GetValue(null) is T value
            ? value
            : throw new GameScriptException(
                path,
                null,
                $"{property.Name} is null, which is no {typeof(T).Name}; bind it to one, or leave it out."
            );

    /// <summary>What dotnet fsi has in scope before a script's first line, and an exit that leaves this process
    /// alone.</summary>
    private const string Surroundings = """
        open FSharp.Compiler.Interactive.Shell.Settings
        let exit (code: int) : 'a = failwith $"The script ended itself with exit {code}."
        """;

    private static Assembly[] Run(string path)
    {
        lock (console)
        {
            var (output, error) = (Console.Out, Console.Error);
            Console.SetOut(TextWriter.Null);
            Console.SetError(TextWriter.Null);
            try
            {
                using var session = Shell.FsiEvaluationSession.Create(
                    Shell.FsiEvaluationSession.GetDefaultConfiguration(
                        Shell.Settings.fsi,
                        useFsiAuxLib: false
                    ),
                    Arguments(),
                    TextReader.Null,
                    TextWriter.Null,
                    TextWriter.Null,
                    collectible: null,
                    legacyReferenceResolver: null
                );
                session.EvalInteraction(Surroundings, cancellationToken: null);
                Shell.Settings.fsi.CommandLineArgs = [path];
                var (result, diagnostics) = session.EvalScriptNonThrowing(Path.GetFullPath(path));
                if (result is FSharpChoice<Unit, Exception>.Choice2Of2 fault)
                {
                    throw Explain(path, fault.Item, diagnostics);
                }

                return session.DynamicAssemblies;
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
            }
        }
    }

    /// <summary>References to the assemblies of this process: those that a script names resolve to them as well.</summary>
    private static string[] Arguments()
    {
        Assembly[] loaded =
        [
            typeof(Kernels.Philox).Assembly,
            typeof(Tensor).Assembly,
            typeof(Game).Assembly,
            typeof(MathNet.Numerics.Constants).Assembly,
            typeof(Shell).Assembly,
        ];
        return
        [
            "fsi",
            "--nologo",
            "--noninteractive",
            "--gui-",
            "--debug+",
            "--define:HOSTED",
            .. loaded.Select(assembly => $"-I:{Path.GetDirectoryName(assembly.Location)}").Distinct(),
            .. loaded.Select(assembly => $"-r:{assembly.Location}"),
        ];
    }

    private static GameScriptException Explain(
        string path,
        Exception fault,
        IEnumerable<FSharpDiagnostic> diagnostics
    )
    {
        FSharpDiagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity.IsError)];
        if (errors is [var first, ..])
        {
            var more = errors.Length > 1 ? $" ({errors.Length - 1} more after it)" : "";
            var where = ScriptFault.Shown(path, first.FileName);
            return new(where, first.StartLine, ScriptFault.OneLine($"{first.Message}{more}"), fault);
        }

        return ScriptFault.Of(path, fault);
    }

    /// <summary>The script's values in the order of their lines. The session compiles the script and what it loads into
    /// one assembly with a module for each file, named after it unless the file says otherwise.</summary>
    private static IEnumerable<PropertyInfo> Properties(Assembly[] assemblies, string path)
    {
        Type[] modules =
        [
            .. assemblies
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => !type.IsNested && type.IsPublic && type.IsAbstract && type.IsSealed),
        ];
        var file = Path.GetFileNameWithoutExtension(path);
        var own = modules
            .Where(module => module.Name.Equals(file, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return (own.Length > 0 ? own : modules)
            .SelectMany(module => module.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .OrderBy(property => property.MetadataToken);
    }

    private static bool IsOf<T>(PropertyInfo property, string path) =>
        property.PropertyType == typeof(T)
        || (
            property.PropertyType.FullName == typeof(T).FullName
                ? throw new GameScriptException(
                    path,
                    null,
                    $"{property.Name} is a {typeof(T).Name} of {property.PropertyType.Assembly.Location}, but this process "
                        + $"uses {typeof(T).Assembly.Location}; load both from one place."
                )
                : false
        );
}
