//go:build race

package server_test

// raceDetector says that everything takes ten times as long.
const raceDetector = true
