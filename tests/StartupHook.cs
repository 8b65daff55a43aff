using System.Globalization;

/// <summary>Gives a process the culture of STACKELBERG_TEST_CULTURE before its first line: a child of a test meets the culture
/// that the test meets, whether it knows cultures by name or not.</summary>
/// <remarks>The runtime looks for this name, outside of all namespaces, in the assemblies of DOTNET_STARTUP_HOOKS.</remarks>
internal static class StartupHook
{
    private const string Hooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>What the runtime calls first.</summary>
    public static void Initialize()
    {
        var name = Environment.GetEnvironmentVariable("STACKELBERG_TEST_CULTURE");
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        var culture = Of(name);
        CultureInfo.DefaultThreadCurrentCulture = culture;
        CultureInfo.DefaultThreadCurrentUICulture = culture;
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = culture;
    }

    /// <summary>Hands the culture on to the processes that this one starts.</summary>
    public static void HandOn() =>
        Environment.SetEnvironmentVariable(Hooks, typeof(StartupHook).Assembly.Location);

    // Where the machine knows no cultures: the numbers of one whose decimal sign is a comma.
    private static CultureInfo Of(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "\u2212";
            return culture;
        }
    }
}
