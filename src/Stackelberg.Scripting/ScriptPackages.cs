using System.Text;
using System.Text.RegularExpressions;
using FSharp.Compiler.IO;
using Microsoft.FSharp.Core;

namespace Stackelberg;

/// <summary>What scripts say of this library's own packages, <c>#r "nuget: Stackelberg.Dsl"</c>: the process has them already, so
/// that nothing is restored for them, and no other version comes beside its own.</summary>
internal static class ScriptPackages
{
    private static readonly Regex own = new(
        $"""^[ \t]*#r[ \t]+"nuget:[ \t]*(?:{string.Join('|', Names())})[ \t]*(?:,[^"\r\n]*)?"[ \t]*\r?$""",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    /// <summary>A script's text with these lines as comments; every line stays where it is.</summary>
    public static string Without(string text) => own.Replace(text, line => "//" + line.Value);

    /// <summary>Lets the compiler read scripts like that.</summary>
    /// <param name="compile">Calls the compiler, which finds its files by a table of the whole process.</param>
    public static T Reading<T>(Func<T> compile)
    {
        lock (own)
        {
            var before = FileSystemAutoOpens.FileSystem;
            FileSystemAutoOpens.FileSystem = new ScriptFiles();
            try
            {
                return compile();
            }
            finally
            {
                FileSystemAutoOpens.FileSystem = before;
            }
        }
    }

    private static IEnumerable<string> Names() =>
        ScriptCompiler
            .Own.Select(assembly => assembly.GetName().Name!)
            .Where(name => name.StartsWith("Stackelberg.", StringComparison.Ordinal))
            .Select(Regex.Escape);

    private sealed class ScriptFiles : DefaultFileSystem
    {
        private static readonly string[] endings = [".fsx", ".fsscript", ".fs"];

        public override Stream OpenFileForReadShim(
            string filePath,
            FSharpOption<bool>? useMemoryMappedFile,
            FSharpOption<bool>? shouldShadowCopy
        )
        {
            if (endings.Contains(Path.GetExtension(filePath), StringComparer.OrdinalIgnoreCase))
            {
                var text = File.ReadAllText(filePath);
                var changed = Without(text);
                if (changed != text)
                {
                    return new MemoryStream(Encoding.UTF8.GetBytes(changed), writable: false);
                }
            }

            return base.OpenFileForReadShim(filePath, useMemoryMappedFile, shouldShadowCopy);
        }
    }
}
