package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	caddyModule  = "github.com/caddyserver/caddy/v2"
	caddyVersion = "v2.11.9"
)

// programs are the paths of what is measured.
type programs struct {
	ductape, proxy, upstream, caddy string
	caddyErr                        error // why there is no Caddy
}

// build makes every program. Without Caddy, which has to be downloaded the
// first time, the rest is still measured.
func build(ctx context.Context, o options, tmp string) (p programs, err error) {
	p = programs{ductape: o.ductape, caddy: o.caddy, proxy: filepath.Join(tmp, "proxy"), upstream: filepath.Join(tmp, "upstream")}
	if p.ductape == "" {
		p.ductape = filepath.Join(tmp, "ductape")
		if _, err := output(ctx, "..", "", nil, "go", "build", "-o", p.ductape, "./cmd/ductape"); err != nil {
			return p, err
		}
	}
	for _, name := range []string{"proxy", "upstream"} {
		if _, err := output(ctx, "", "", nil, "go", "build", "-o", filepath.Join(tmp, name), "./"+name); err != nil {
			return p, err
		}
	}
	switch p.caddy {
	case "":
		p.caddy, p.caddyErr = buildCaddy(ctx)
	case "none":
		p.caddyErr = errors.New("-caddy none")
	}
	return p, nil
}

// buildCaddy builds Caddy in a module of its own, once: the binary stays in the
// user's cache folder.
func buildCaddy(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "ductape-bench", "caddy-"+caddyVersion)
	program := filepath.Join(folder, "caddy")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	fmt.Fprintf(os.Stderr, "Building Caddy %s, this once: a minute or two.\n", caddyVersion)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "go.mod"), []byte("module caddy\n\ngo 1.26.0\n"), 0o644); err != nil {
		return "", err
	}
	workspace := []string{"GOWORK=off"}
	if _, err := output(ctx, folder, "", workspace, "go", "get", caddyModule+"/cmd/caddy@"+caddyVersion); err != nil {
		return "", err
	}
	_, err = output(ctx, folder, "", workspace, "go", "build", "-o", "caddy.new", caddyModule+"/cmd/caddy")
	if err != nil {
		return "", err
	}
	return program, os.Rename(filepath.Join(folder, "caddy.new"), program)
}
