namespace Stackelberg;

/// <summary>A script as a program.</summary>
/// <param name="Assembly">The path of the program.</param>
/// <param name="References">The paths of assemblies that it needs besides this process's own.</param>
/// <param name="Fingerprint">What tells its text and the text of all that it loads apart from other texts, 16 hexadecimal
/// digits.</param>
internal sealed record CompiledScript(string Assembly, IReadOnlyList<string> References, string Fingerprint);
