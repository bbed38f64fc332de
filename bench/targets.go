package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ductape-go/ductape/bench/exchange"
)

// The names of the targets. The first is what the others are compared with.
const (
	bareProxy   = "ReverseProxy"
	rareProxy   = "ReverseProxy, GOGC=1600" // collects every 64 MB of garbage, not every 4
	caddyProxy  = "Caddy"
	ductapeJSON = "Ductape, JSON"
	ductapeForm = "Ductape, form"
	ductapeHit  = "Ductape, cached"
)

// A scene is every process of a measurement.
type scene struct {
	upstream string // HOST:PORT
	folder   string // ductape.yaml, and the data folder "data"
	targets  []*target
	running  []*process
}

// open starts the upstream, the proxies and Ductape. Close the scene also after
// an error.
func (s *scene) open(ctx context.Context, p programs, tmp string) error {
	upstream, err := s.start(ctx, nil, p.upstream)
	if err != nil {
		return err
	}
	s.upstream, s.folder = upstream.addr, tmp
	for _, bare := range []struct {
		name string
		env  []string
	}{{bareProxy, nil}, {rareProxy, []string{"GOGC=1600"}}} {
		running, err := s.start(ctx, bare.env, p.proxy, "http://"+s.upstream)
		if err != nil {
			return err
		}
		s.proxied(bare.name, running)
	}
	if p.caddyErr == nil {
		if err := s.openCaddy(ctx, p.caddy); err != nil {
			return err
		}
	}
	return s.openDuctape(ctx, p.ductape)
}

func (s *scene) start(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p, err := start(ctx, env, program, args...)
	if err == nil {
		s.running = append(s.running, p)
	}
	return p, err
}

// proxied adds a proxy: the client itself sends what the upstream wants.
func (s *scene) proxied(name string, p *process) {
	s.targets = append(s.targets, &target{name, p.addr, p.pid(), rawRequest(p.addr, exchange.Path, exchange.Token, exchange.JSONType, exchange.JSON)})
}

func (s *scene) openCaddy(ctx context.Context, program string) error {
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	config := filepath.Join(s.folder, "caddy.json")
	if err := os.WriteFile(config, []byte(caddyConfig(addr, s.upstream)), 0o600); err != nil {
		return err
	}
	env := []string{"XDG_DATA_HOME=" + s.folder, "XDG_CONFIG_HOME=" + s.folder}
	p, err := startSilent(env, addr, program, "run", "--config", config)
	if err != nil {
		return err
	}
	s.running = append(s.running, p)
	s.proxied(caddyProxy, p)
	return waitFor(ctx, s.targets[len(s.targets)-1])
}

// waitFor asks until the target answers.
func waitFor(ctx context.Context, t *target) error {
	for deadline := time.Now().Add(startTime); ; {
		err := t.load(ctx, 1, 1)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func (s *scene) openDuctape(ctx context.Context, program string) error {
	key, err := setUpDuctape(ctx, program, s.folder, "http://"+s.upstream)
	if err != nil {
		return err
	}
	p, err := s.start(ctx, ownEnv, program, "serve", "--data", filepath.Join(s.folder, "data"), "--addr", "127.0.0.1:0")
	if err != nil {
		return err
	}
	for _, t := range []struct{ name, app, cache string }{{ductapeJSON, "json", ""}, {ductapeForm, "form", ""}, {ductapeHit, "json", "hour"}} {
		s.targets = append(s.targets, &target{t.name, p.addr, p.pid(), rawRequest(p.addr, "/v1/actions/run", key, exchange.JSONType, callOf(t.app, t.cache))})
	}
	return nil
}

// close ends every process, the last started first.
func (s *scene) close() error {
	var errs []error
	for i := len(s.running) - 1; i >= 0; i-- {
		if err := s.running[i].stop(); err != nil {
			errs = append(errs, fmt.Errorf("end a process: %w", err))
		}
	}
	return errors.Join(errs...)
}
