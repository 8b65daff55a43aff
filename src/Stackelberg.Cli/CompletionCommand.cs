using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg completion bash|zsh|fish|pwsh</c></summary>
internal static class CompletionCommand
{
    // Each passes the line without the command's own word, and the cursor's place in it, to the directive [suggest:place].
    private static readonly Dictionary<string, string> scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # Completion for bash. For this session: source <(stackelberg completion bash)
            # For every session: stackelberg completion bash > ~/.local/share/bash-completion/completions/stackelberg
            _stackelberg_complete() {
                local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE:${#COMP_WORDS[0]}}"
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - ${#COMP_WORDS[0]}))]" "$line" 2>/dev/null)" -- "$word"))
                # A setting's value follows its equals sign at once.
                if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
            }
            complete -o default -F _stackelberg_complete stackelberg
            """,
        ["zsh"] = """
            #compdef stackelberg
            # Completion for zsh. For this session, after compinit: source <(stackelberg completion zsh)
            # For every session: put it into a file _stackelberg in a folder of $fpath.
            _stackelberg() {
                local line="${(j: :)words[2,CURRENT]}"
                local -a found open
                found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
                found=(${found:#})
                # A setting's value follows its equals sign at once.
                open=(${(M)found:#*=})
                found=(${found:#*=})
                (( ${#open} )) && compadd -S '' -- $open
                (( ${#found} )) && compadd -- $found
                (( ${#open} + ${#found} )) || _files
            }
            compdef _stackelberg stackelberg
            """,
        ["fish"] = """
            # Completion for fish. For this session: stackelberg completion fish | source
            # For every session: stackelberg completion fish > ~/.config/fish/completions/stackelberg.fish
            function __stackelberg_complete
                set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
                stackelberg "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c stackelberg -a '(__stackelberg_complete)'
            """,
        ["pwsh"] = """
            # Completion for PowerShell. For this session: stackelberg completion pwsh | Out-String | Invoke-Expression
            # For every session: put that line into the file $PROFILE.
            Register-ArgumentCompleter -Native -CommandName stackelberg -ScriptBlock {
                param($word, $command, $cursor)
                $first = $command.CommandElements[0].Extent.Text.Length
                $line = $command.Extent.Text.PadRight($cursor - $command.Extent.StartOffset).Substring($first)
                stackelberg "[suggest:$($cursor - $command.Extent.StartOffset - $first)]" "$line" 2>$null |
                    Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell")
        {
            Description = $"Which shell: {string.Join(", ", scripts.Keys)}.",
            HelpName = string.Join('|', scripts.Keys),
        };
        shell.CompletionSources.Add([.. scripts.Keys]);
        var command = new Command(
            "completion",
            "Print a script that completes commands, options, experiments, games and settings in a shell. Its first lines say "
                + "where it goes."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(shell);
            if (!scripts.TryGetValue(wanted, out var script))
            {
                throw new UserInputException(
                    $"There is no script for the shell \"{wanted}\".{Suggestion.For(wanted, scripts.Keys)} There are those for: "
                        + $"{string.Join(", ", scripts.Keys)}."
                );
            }

            terminal.Output.WriteLine(script);
            return ExitCode.Done;
        });
        return command;
    }
}
