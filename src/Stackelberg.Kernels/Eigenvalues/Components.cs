namespace Stackelberg.Kernels;

/// <summary>The strongly connected components of a square matrix' non-zero entries: with rows and columns in this order the
/// matrix is block upper triangular, and its eigenvalues are those of the blocks on the diagonal.</summary>
/// <remarks>R. E. Tarjan (1972), with a stack of its own; n² operations. Where Parlett and Reinsch's search for rows and
/// columns that isolate an eigenvalue stops, between two blocks that it cannot split, this goes on.</remarks>
internal sealed class Components
{
    private readonly double[] a;
    private readonly int n;
    private readonly int[] found;
    private readonly int[] low;
    private readonly int[] next;
    private readonly bool[] isOpen;
    private readonly Stack<int> open = new();
    private readonly Stack<int> path = new();
    private readonly List<int> starts = [];
    private int count;
    private int free;

    /// <summary>[n]: the row and column that stands at each place.</summary>
    public int[] Order { get; }

    /// <summary>Where each block begins, and n.</summary>
    public IReadOnlyList<int> Starts => starts;

    /// <param name="a">[n, n], row-major; only read.</param>
    /// <param name="n">Rows and columns.</param>
    public Components(double[] a, int n)
    {
        this.a = a;
        this.n = n;
        found = new int[n];
        low = new int[n];
        next = new int[n];
        isOpen = new bool[n];
        Order = new int[n];
        free = n;
        starts.Add(n);
        for (int root = 0; root < n; root++)
        {
            if (found[root] == 0)
            {
                Visit(root);
            }
        }

        starts.Reverse();
    }

    private void Visit(int root)
    {
        Enter(root);
        while (path.Count > 0)
        {
            int row = path.Peek();
            int column = next[row]++;
            if (column == n)
            {
                path.Pop();
                Leave(row);
            }
            else if (column != row && a[row * n + column] != 0.0)
            {
                if (found[column] == 0)
                {
                    Enter(column);
                }
                else if (isOpen[column])
                {
                    low[row] = Math.Min(low[row], found[column]);
                }
            }
        }
    }

    private void Enter(int row)
    {
        found[row] = low[row] = ++count;
        isOpen[row] = true;
        open.Push(row);
        path.Push(row);
    }

    private void Leave(int row)
    {
        if (path.TryPeek(out int caller))
        {
            low[caller] = Math.Min(low[caller], low[row]);
        }

        if (low[row] == found[row])
        {
            int end = free;
            int member;
            do
            {
                member = open.Pop();
                isOpen[member] = false;
                Order[--free] = member;
            } while (member != row);

            // What a matrix has in one piece stays in its order.
            Array.Sort(Order, free, end - free);
            starts.Add(free);
        }
    }
}
