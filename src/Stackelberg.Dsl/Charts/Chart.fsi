namespace Stackelberg

open Stackelberg.Figures

/// <summary>Figures of runs, reports, ensembles and comparisons, each in one line: a chart is a Figure of Stackelberg.Figures, which
/// show opens in the browser and save writes.</summary>
/// <example>
/// <code lang="fsharp">
/// run |> Chart.trajectory |> Chart.show
/// duopoly |> Chart.phasePlane Game.omegaS [ run ] |> Chart.save "plane.svg"
/// </code>
/// </example>
[<RequireQualifiedAccess>]
module Chart =

    /// <summary>Every entry of the joint strategy over a run's steps; of large games the first eight.</summary>
    /// <param name="run">What Learn.run gives. It has the points that the settings' RecordEvery keeps.</param>
    /// <example><code lang="fsharp">run |> Chart.trajectory |> Chart.save "run.svg"</code></example>
    [<CompiledName("Trajectory")>]
    val trajectory: run: Run -> Figure

    /// <summary>The same of several runs of one game, a panel for each.</summary>
    /// <param name="runs">At least one; named after their rules, and by seeds or numbers where rules are the same.</param>
    /// <exception cref="T:System.ArgumentException">There is no run, or they are of different games.</exception>
    /// <example><code lang="fsharp">[ simultaneous; stackelberg ] |> Chart.trajectories |> Chart.show</code></example>
    [<CompiledName("Trajectories")>]
    val trajectories: runs: Run seq -> Figure

    /// <summary>Every player's cost over a run's steps; of games with a sampler, the cost of one draw, the same for all
    /// steps.</summary>
    /// <param name="run">What Learn.run gives.</param>
    /// <example><code lang="fsharp">run |> Chart.costs |> Chart.show</code></example>
    [<CompiledName("Costs")>]
    val costs: run: Run -> Figure

    /// <summary>The plane of two players with one entry each: arrows the way that play goes, −field, where each entry of the field is
    /// zero, the runs' paths, and rings where they ended. It shows what the runs span, of angles the whole circle.</summary>
    /// <param name="field">What the players descend: Game.omega, Game.omegaS, or Game.field with a conjecture.</param>
    /// <param name="runs">At least one, of this game.</param>
    /// <param name="game">A game without a sampler.</param>
    /// <exception cref="T:System.ArgumentException">The game has other players or a sampler; there is no run, or it is of another
    /// game.</exception>
    /// <example><code lang="fsharp">duopoly |> Chart.phasePlane Game.omegaS [ run ] |> Chart.show</code></example>
    [<CompiledName("PhasePlane")>]
    val phasePlane: field: (Game -> Tensor -> Tensor) -> runs: Run seq -> game: Game -> Figure

    /// <summary>The same in a rectangle of one's choice, with or without runs.</summary>
    /// <param name="lower">The rectangle's lower corner, shape [2].</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="field">What the players descend.</param>
    /// <param name="runs">Of this game; there may be none.</param>
    /// <param name="game">A game without a sampler.</param>
    /// <exception cref="T:System.ArgumentException">The rectangle is empty; else as for phasePlane.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// let corners = Tensor.ofList [ 0.0; 0.0 ], Tensor.ofList [ 60.0; 60.0 ]
    /// duopoly |> Chart.phasePlaneIn corners Game.omega [] |> Chart.show
    /// </code>
    /// </example>
    [<CompiledName("PhasePlaneIn")>]
    val phasePlaneIn:
        lower: Tensor * upper: Tensor ->
            field: (Game -> Tensor -> Tensor) ->
            runs: Run seq ->
            game: Game ->
                Figure

    /// <summary>The eigenvalues of J and J_S at a report's point, in the complex plane: right of the line they attract.</summary>
    /// <param name="report">For instance what Equilibrium.classify or find gives, or a run's Report.</param>
    /// <exception cref="T:System.ArgumentException">There is no report, as of a run that failed.</exception>
    /// <example><code lang="fsharp">Tensor.ofList [ 46.0; 26.0 ] |> Equilibrium.classify duopoly |> Chart.spectrum |> Chart.show</code></example>
    [<CompiledName("Spectrum")>]
    val spectrum: report: Report -> Figure

    /// <summary>Where each start of an ensemble leads, in the plane of two players with one entry each: starts in the colour of the
    /// point that their run converged to, up to eight points, with each one's share of the runs.</summary>
    /// <param name="runs">What Ensemble.run gives; from the starts of Ensemble.grid the regions are filled.</param>
    /// <exception cref="T:System.ArgumentException">The game has other players.</exception>
    /// <remarks>Runs have ended at one point where they are nearer than a hundredth of the diagonal that the starts span.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let starts = Ensemble.grid (Tensor.ofList [ -3.0; -3.0 ], Tensor.ofList [ 3.0; 3.0 ]) 100
    /// torus |> Ensemble.run Rule.simultaneous Learn.settings starts |> Chart.basins |> Chart.show
    /// </code>
    /// </example>
    [<CompiledName("Basins")>]
    val basins: runs: EnsembleRun -> Figure

    /// <summary>The distance of an ensemble's runs from a point, over the steps on a logarithmic axis: the mean of all runs, and the
    /// band of eight runs in ten.</summary>
    /// <param name="point">Shape [d], for instance an equilibrium.</param>
    /// <param name="runs">What Ensemble.run gives, for instance with many seeds. It has the steps that the settings' RecordEvery
    /// keeps.</param>
    /// <exception cref="T:System.ArgumentException">The point has another shape.</exception>
    /// <remarks>The band is that from the 10th to the 90th percentile, since a mean less its deviation may have no logarithm.</remarks>
    /// <example><code lang="fsharp">runs |> Chart.convergence (Tensor.ofList [ 46.0; 26.0 ]) |> Chart.show</code></example>
    [<CompiledName("Convergence")>]
    val convergence: point: Tensor -> runs: EnsembleRun -> Figure

    /// <summary>What rules came to on one game: by how much a step of each shrinks the next, measured and predicted, with the kind of
    /// the point where it ended; in words where there is nothing to measure.</summary>
    /// <param name="rows">What Comparison.run gives.</param>
    /// <exception cref="T:System.ArgumentException">There is no row.</exception>
    /// <example><code lang="fsharp">duopoly |> Comparison.run Comparison.settings x |> Chart.compare |> Chart.show</code></example>
    [<CompiledName("Compare")>]
    val compare: rows: ComparisonRow[] -> Figure

    /// <summary>The density of points in the plane, by a Gaussian kernel of Scott's width: where an ensemble's runs ended, or what a
    /// generator makes.</summary>
    /// <param name="points">Shape [n; 2], at least three that are not on a line.</param>
    /// <exception cref="T:System.ArgumentException">The points have another shape, or no density; the message says why.</exception>
    /// <example><code lang="fsharp">runs.Final |> Chart.density |> Chart.show</code></example>
    [<CompiledName("Density")>]
    val density: points: Tensor -> Figure

    /// <summary>Writes a chart as a page of its own into the system's folder of temporary files, prints its path, and opens it in the
    /// browser where there is one. The page can be enlarged, says the values at the pointer, and its legend takes series
    /// away.</summary>
    /// <param name="figure">Any figure.</param>
    /// <exception cref="T:System.IO.IOException">The page cannot be written.</exception>
    /// <remarks>The environment variable STACKELBERG_BROWSER names the program that opens pages; none opens nothing.</remarks>
    [<CompiledName("Show")>]
    val show: figure: Figure -> unit

    /// <summary>Writes a chart as the kind of file that the ending names: .svg, .html for the page of show, and with the package
    /// Stackelberg.Figures.Skia .png and .pdf.</summary>
    /// <param name="path">The file; its folder is there. A file of this name is replaced.</param>
    /// <param name="figure">Any figure.</param>
    /// <exception cref="T:System.ArgumentException">No kind of file has this ending; the message says which do, and which package
    /// is missing.</exception>
    /// <exception cref="T:System.IO.IOException">The file cannot be written.</exception>
    /// <example><code lang="fsharp">run |> Chart.costs |> Chart.save "costs.html"</code></example>
    [<CompiledName("Save")>]
    val save: path: string -> figure: Figure -> unit
