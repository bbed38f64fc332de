package nearest

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b, giving up beyond limit.
func distance(a, b string, limit int) (int, bool) {
	if diff := len(a) - len(b); diff > limit || -diff > limit {
		return 0, false
	}
	var before []int
	last, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		fill(row, last, before, a, b, i)
		if lowest(row) > limit && lowest(last) > limit {
			return 0, false
		}
		spare := before
		if spare == nil {
			spare = make([]int, len(b)+1)
		}
		before, last, row = last, row, spare
	}
	return last[len(b)], last[len(b)] <= limit
}

// fill computes row i of the distance matrix from the two rows above it.
func fill(row, last, before []int, a, b string, i int) {
	row[0] = i
	for j := 1; j <= len(b); j++ {
		cost := 1
		if a[i-1] == b[j-1] {
			cost = 0
		}
		row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			row[j] = min(row[j], before[j-2]+1)
		}
	}
}

func lowest(row []int) int {
	low := row[0]
	for _, v := range row[1:] {
		low = min(low, v)
	}
	return low
}
