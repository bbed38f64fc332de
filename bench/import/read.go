package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ductape-go/ductape/spec"
)

// A reading is the result of reading descriptions.
type reading struct {
	Name     string  `json:"name"`
	Files    int     `json:"files"`
	Refused  int     `json:"refused"`
	Actions  int     `json:"actions"`
	Warnings int     `json:"warnings"`
	MB       float64 `json:"mb"` // of descriptions
	CPU      float64 `json:"cpu_seconds"`
	RSS      int64   `json:"peak_rss_bytes"`
}

// readAll reads the description at path, or every one below it.
func readAll(path string, read func(location string, data []byte) (actions, warnings int, err error)) (*reading, error) {
	files, err := descriptions(path)
	if err != nil {
		return nil, err
	}
	var r reading
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		actions, warnings, err := read(file, data)
		if err != nil {
			r.Refused++
		}
		r.Files++
		r.MB += float64(len(data)) / 1e6
		r.Actions += actions
		r.Warnings += warnings
	}
	return &r, nil
}

func readOurs(location string, data []byte) (actions, warnings int, err error) {
	res, err := spec.Read(spec.Source{Location: location, Data: data}, spec.Options{})
	if err != nil {
		return 0, 0, err
	}
	return len(res.App.Actions), len(res.Warnings), nil
}

// readKin loads what kin-openapi loads; it neither validates nor names anything.
func readKin(_ string, data []byte) (actions, warnings int, err error) {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return 0, 0, err
	}
	for _, item := range doc.Paths.Map() {
		actions += len(item.Operations())
	}
	return actions, 0, nil
}

func descriptions(path string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".json" {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

func largestFile(folder string) (string, error) {
	files, err := descriptions(folder)
	if err != nil {
		return "", err
	}
	size := func(file string) int64 {
		info, err := os.Stat(file)
		if err != nil {
			return 0
		}
		return info.Size()
	}
	if len(files) == 0 {
		return "", os.ErrNotExist
	}
	return slices.MaxFunc(files, func(a, b string) int { return cmp.Compare(size(a), size(b)) }), nil
}
