using System.Reflection;
using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Interactive;
using FSharp.Compiler.Text;
using Microsoft.FSharp.Control;
using Microsoft.FSharp.Core;

namespace Stackelberg;

/// <summary>Compiles scripts to programs.</summary>
internal static class ScriptCompiler
{
    /// <summary>What dotnet fsi has in scope before a script's first line, and an exit that leaves this process
    /// alone.</summary>
    private const string Surroundings = """
        [<AutoOpen>]
        module internal Surroundings

        let fsi = FSharp.Compiler.Interactive.Shell.Settings.fsi
        let exit (code: int) : 'a = failwith $"The script ended itself with exit {code}."
        """;

    /// <summary>How an option that names a reference begins.</summary>
    public const string Reference = "-r:";

    private static readonly Lazy<FSharpChecker> checker = new(() =>
        FSharpChecker.Create(
            projectCacheSize: null,
            keepAssemblyContents: null,
            keepAllBackgroundResolutions: null,
            legacyReferenceResolver: null,
            tryGetMetadataSnapshot: null,
            suggestNamesForErrors: FSharpOption<bool>.Some(true),
            keepAllBackgroundSymbolUses: null,
            enableBackgroundItemKeyStoreAndSemanticClassification: null,
            enablePartialTypeChecking: null,
            parallelReferenceResolution: null,
            captureIdentifiersWhenParsing: null,
            documentSource: null,
            useTransparentCompiler: null,
            transparentCompilerCacheSizes: null
        )
    );

    /// <summary>The assemblies of this process that a script is compiled against, whatever it says of them itself.</summary>
    public static IReadOnlyList<Assembly> Own { get; } =
    [
        .. new[]
        {
            typeof(Unit),
            typeof(Kernels.Philox),
            typeof(Tensor),
            typeof(Game),
            typeof(Files.CsvTable),
            typeof(Figures.Figure),
            typeof(Learner),
            typeof(Networks.Network),
            typeof(Experiment),
            typeof(ExperimentBuilder),
            typeof(MathNet.Numerics.Constants),
            typeof(Shell),
        }.Select(type => type.Assembly),
    ];

    /// <summary>Finds the files that a script consists of, and the references that it names.</summary>
    /// <param name="path">The script, a full path.</param>
    /// <param name="text">Its text.</param>
    public static ScriptParts Parts(string path, string text)
    {
        var (options, faults) = ScriptPackages.Reading(() =>
            FSharpAsync.RunSynchronously(
                checker.Value.GetProjectOptionsFromScript(
                    path,
                    SourceText.ofString(ScriptPackages.Without(text)),
                    caret: null,
                    previewEnabled: null,
                    loadedTimeStamp: null,
                    otherFlags: Flags(),
                    useFsiAuxLib: FSharpOption<bool>.Some(false),
                    useSdkRefs: FSharpOption<bool>.Some(true),
                    assumeDotNetFramework: FSharpOption<bool>.Some(false),
                    sdkDirOverride: null,
                    optionsStamp: null,
                    userOpName: null
                ),
                timeout: null,
                cancellationToken: null
            )
        );
        ThrowAt(path, faults);
        return new([.. options.SourceFiles.Where(source => !IsOfPackages(source))], options.OtherOptions);
    }

    /// <summary>Compiles a script's files to a program.</summary>
    /// <param name="path">The script, as the caller wrote it.</param>
    /// <param name="parts">Its files and references.</param>
    /// <param name="program">The program's path; its folder is there.</param>
    /// <exception cref="GameScriptException">It does not compile.</exception>
    public static void Compile(string path, ScriptParts parts, string program)
    {
        var surroundings = Path.ChangeExtension(program, ".fs");
        File.WriteAllText(surroundings, Surroundings);
        try
        {
            var (faults, ending) = ScriptPackages.Reading(() =>
                FSharpAsync.RunSynchronously(
                    checker.Value.Compile(
                        [
                            "fsc",
                            $"--out:{program}",
                            "--target:exe",
                            "--debug:embedded",
                            "--nowin32manifest",
                            "--nocopyfsharpcore",
                            .. parts.Options,
                            surroundings,
                            .. parts.Sources,
                        ],
                        userOpName: null
                    ),
                    timeout: null,
                    cancellationToken: null
                )
            );
            ThrowAt(path, faults);
            if (ending is not null)
            {
                throw new GameScriptException(path, null, "The compiler gave up.", ending.Value);
            }
        }
        finally
        {
            File.Delete(surroundings);
        }
    }

    /// <summary>Whether a file is the list of references that the compiler makes of a script's packages; it makes it again
    /// when it compiles.</summary>
    private static bool IsOfPackages(string source) =>
        File.ReadLines(source)
            .FirstOrDefault(line => line.Trim().Length > 0)
            ?.StartsWith("// Generated from #r \"nuget:", StringComparison.Ordinal) == true;

    private static string[] Flags() =>
        [
            "--nologo",
            "--noframework",
            "--define:HOSTED",
            "--define:INTERACTIVE",
            .. Own.Select(assembly => $"-I:{Path.GetDirectoryName(assembly.Location)}").Distinct(),
            .. Own.Select(assembly => Reference + assembly.Location),
        ];

    private static void ThrowAt(string path, IEnumerable<FSharpDiagnostic> diagnostics)
    {
        FSharpDiagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity.IsError)];
        if (errors is [var first, ..])
        {
            var more = errors.Length > 1 ? $" ({errors.Length - 1} more after it)" : "";
            throw new GameScriptException(
                ScriptFault.Shown(path, first.FileName),
                first.StartLine,
                ScriptFault.OneLine($"{first.Message}{more}")
            );
        }
    }
}

/// <summary>What a script consists of.</summary>
/// <param name="Sources">Full paths of the script and of all that it loads, in the order of compilation.</param>
/// <param name="Options">The compiler's options, references among them.</param>
internal sealed record ScriptParts(IReadOnlyList<string> Sources, IReadOnlyList<string> Options)
{
    /// <summary>The references that are neither the runtime's nor among this process's own assemblies.</summary>
    public string[] Further()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var own = ScriptCompiler
            .Own.Select(assembly => Path.GetFileName(assembly.Location))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. Options
                .Where(option => option.StartsWith(ScriptCompiler.Reference, StringComparison.Ordinal))
                .Select(option => option[ScriptCompiler.Reference.Length..])
                .Where(path =>
                    Path.IsPathRooted(path)
                    && !own.Contains(Path.GetFileName(path))
                    && !File.Exists(Path.Combine(runtime, Path.GetFileName(path)))
                )
                .Distinct(),
        ];
    }
}
