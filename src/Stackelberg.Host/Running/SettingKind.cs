namespace Stackelberg;

/// <summary>What a setting does to the checks against the source.</summary>
public enum SettingKind
{
    /// <summary>It picks which parts run; all checks of those parts hold.</summary>
    Selects,

    /// <summary>It makes other numbers than the source's, so that no check applies once it is changed.</summary>
    Changes,

    /// <summary>It changes neither, for instance how fine a figure is.</summary>
    Neutral,
}
