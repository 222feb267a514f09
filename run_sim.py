"""Run the simulator from a checkout: ``python run_sim.py --help``."""

if __name__ == "__main__":
    # Not above: a spawned worker reads this file again and needs none of the commands.
    from sim.cli import main

    raise SystemExit(main())
