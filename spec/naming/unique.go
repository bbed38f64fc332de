package naming

import (
	"slices"
	"strconv"
)

// Unique picks one name for each item so that no two are equal. An item's
// candidates go from the name a person would guess to the most exact one. All
// items that share a candidate move on to their next, so that none of them owns
// the short name by accident of order; where an item has none left, a counter
// decides, in the order of the items.
func Unique(candidates [][]string) []string {
	return unique(candidates, make([]bool, len(candidates)))
}

// unique is Unique with items that yield: a name they share with others belongs
// to the one that does not.
func unique(candidates [][]string, yields []bool) []string {
	names := make([]string, len(candidates))
	taken := make(map[string]bool, len(candidates))
	open := make([]int, len(candidates))
	for i := range open {
		open[i] = i
	}
	for level := 0; len(open) > 0; level++ {
		wanted := make(map[string]int, len(open))
		firm := make(map[string]int, len(open)) // by those that do not yield
		last := true
		for _, i := range open {
			if level < len(candidates[i]) {
				wanted[candidates[i][level]]++
				if !yields[i] {
					firm[candidates[i][level]]++
				}
				last = false
			}
		}
		if last {
			break
		}
		open = slices.DeleteFunc(open, func(i int) bool {
			if level >= len(candidates[i]) {
				return false
			}
			name := candidates[i][level]
			if name == "" || wanted[name] > 1 && (yields[i] || firm[name] > 1) || taken[name] {
				return false
			}
			names[i] = name
			return true
		})
		for _, name := range names {
			taken[name] = name != ""
		}
	}
	numbers := map[string]int{}
	for _, i := range open {
		names[i] = numbered(candidates[i], taken, numbers)
		taken[names[i]] = true
	}
	return names
}

// numbered is the last resort: the most exact candidate, with a number from the
// second item on. numbers holds the last number given to each name.
func numbered(candidates []string, taken map[string]bool, numbers map[string]int) string {
	name := "action"
	for _, c := range candidates {
		if c != "" {
			name = c
		}
	}
	next := name
	for taken[next] {
		numbers[name] = max(numbers[name], 1) + 1
		next = name + "_" + strconv.Itoa(numbers[name])
	}
	return next
}
